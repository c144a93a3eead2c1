#pragma once

#include <string>
#include <vector>

namespace leat::cli {

struct CommandWord {
  std::string name;  ///< "run", "quarantine list"
  std::string summary;
  std::vector<std::string> flags;
};
using CommandWords = std::vector<CommandWord>;

/// Prints a script for bash, zsh or fish.
int print_completion(const CommandWords& words, const std::string& shell);

}  // namespace leat::cli
