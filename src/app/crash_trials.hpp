#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/project.hpp"
#include "base/cancel.hpp"

namespace leat::app {

struct CrashTestOptions {
  std::optional<std::uint64_t> seed;  ///< Nothing: another one each time.
  std::uint64_t moments = 20;         ///< Kills at random moments.
};

/// One kill and what came of it.
struct CrashTrial {
  int run = 1;             ///< The first run, or the second one over what the first has published.
  std::string at;          ///< "file.rename.before:1", "0.153 s"
  std::string then;        ///< Where the run after it was killed; mostly empty.
  bool had_ended = false;  ///< The run was over before its moment.
  std::string problem;     ///< Empty: all is as in the clean run.
};

/// What was found out before the first kill.
struct CrashTestStart {
  std::string pipeline;
  std::vector<std::string> sinks;     ///< "out (append)"
  std::vector<std::string> left_out;  ///< "out.loaded_at": differ from one clean run to the next.
  std::uint64_t seed = 0;
  std::size_t boundaries = 0;
  std::uint64_t moments = 0;
  std::size_t trials = 0;
  std::chrono::milliseconds run_takes{0};
};

struct CrashTestReport {
  CrashTestStart start;
  std::vector<CrashTrial> trials;
  bool ok() const;
};

/// Called while it goes on.
struct CrashTestEvents {
  std::function<void(const CrashTestStart&)> on_start;
  std::function<void(const CrashTrial&)> on_trial;
};

/// Runs a pipeline in a scratch, kills it (SIGKILL) at each commit boundary and at random moments,
/// runs it again, and compares rows, receipts and quarantine with those of runs that nobody killed.
///
/// Promise   no target, state or artifact of the project is touched; sources are read as they are.
/// Errors    config    the pipeline; a sink that has no place but its own; runs that differ even
///                     when nobody kills them.
///           external  the clean run fails.
Result<CrashTestReport> crash_test(const std::filesystem::path& where, const LoadOptions& options,
                                   const CrashTestOptions& test, const CancelToken& cancel,
                                   const CrashTestEvents& events);

}  // namespace leat::app
