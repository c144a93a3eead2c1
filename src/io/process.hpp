#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"

namespace leat::io {

/// A program and what it may use.
struct ProcessOrder {
  std::vector<std::string> command;      ///< The first is a path, or looked for in PATH.
  std::filesystem::path folder;          ///< Where it works.
  std::vector<std::string> environment;  ///< "NAME=value"; all that it gets.
  std::filesystem::path input;           ///< Read as stdin; empty: nothing to read.
  std::filesystem::path output;          ///< Takes stdout; empty: goes where stderr goes.
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<std::uint64_t> memory_bytes;  ///< Of address space, for each process of it.
  const CancelToken* cancel = nullptr;
  /// Called with each line of stderr, without its end; a longer line than 64 KiB comes in parts.
  std::function<void(std::string_view)> on_line;
};

/// How a program ended.
struct ProcessEnd {
  int exit_code = 0;  ///< 128 + signal when a signal ended it.
  bool timed_out = false;
  bool cancelled = false;
  std::uint64_t input_read = 0;  ///< Bytes of `input` up to which it has read.
};

/// Runs a program to its end, in a process group of its own.
///
/// Promise   when it returns every process of the group is gone. When Leat itself is killed, so is
///           the program. No file of ours but the three standard ones is open in it.
/// Errors    config    there is no such program, or it may not be run.
///           external  no process can be made, a file cannot be opened.
Result<ProcessEnd> run_process(const ProcessOrder& order);

}  // namespace leat::io
