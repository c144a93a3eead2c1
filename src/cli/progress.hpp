#pragma once

#include <mutex>
#include <string>

#include "app/run.hpp"
#include "cli/output.hpp"

namespace leat::cli {

/// Tells on stderr how a run goes on: one live line on a terminal, a plain line a step elsewhere.
///
/// Threads   any.
class Progress {
 public:
  explicit Progress(const Output& output) : x_output(output) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  run::RunEvents events();
  /// Takes the live line away.
  void clear();

 private:
  void step(const std::string& node);
  void show(const std::vector<engine::PassProgress>& inputs);

  const Output& x_output;
  std::mutex x_mutex;
  std::string x_node;
  bool x_shown = false;
};

}  // namespace leat::cli
