#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace leat::bench {

/// What a process took.
struct Cost {
  double wall_s = 0;
  double cpu_s = 0;      ///< User and system.
  double memory_mb = 0;  ///< Peak resident set, in units of 10^6 bytes.
  int exit_code = 0;
  std::string output;  ///< What it wrote to standard output.
};

struct Command {
  std::vector<std::string> arguments;              ///< The program first.
  std::filesystem::path folder;                    ///< Where it runs; empty: here.
  std::map<std::string, std::string> environment;  ///< Beside our own.
};

/// Runs it to its end. What it writes to standard error goes to ours.
Cost run_child(const Command& command);
/// Stops the program when it did not end well.
Cost run_well(const Command& command);

double median(std::vector<double> values);

}  // namespace leat::bench
