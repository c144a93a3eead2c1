#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "app/run.hpp"
#include "cli/output.hpp"

namespace leat::cli {

/// Tells on stderr how a run goes on: a live line for each dataset that is being read on a
/// terminal, with rows, rows a second, bytes, time, and what remains where the bytes are known; a
/// plain line a node elsewhere, with -v.
///
/// Threads   any.
class Progress {
 public:
  explicit Progress(const Output& output) : x_output(output) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  run::RunEvents events();
  /// Takes the live lines away.
  void clear();

 private:
  void step(const std::string& node);
  void show(const std::vector<engine::PassProgress>& inputs);
  void erase();

  const Output& x_output;
  std::mutex x_mutex;
  std::string x_node;
  std::chrono::steady_clock::time_point x_began;
  std::size_t x_lines = 0;  ///< That stand on the terminal now.
};

/// The live lines of one pass, no wider than the terminal.
std::vector<std::string> progress_lines(const std::string& node,
                                        const std::vector<engine::PassProgress>& inputs,
                                        std::chrono::microseconds elapsed, std::size_t width);

}  // namespace leat::cli
