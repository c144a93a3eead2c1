#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "io/files.hpp"
#include "plan/hidden_values.hpp"
#include "run/report.hpp"

namespace leat::run {

/// What a run does, told as it goes: `.leat/logs/<run_id>.log`, one line an event:
/// "2026-01-31T06:00:00.123456Z info  dataset people: read 10, quarantined 1, passed on 9".
///
/// Threads   any.
/// Promise   a line is in the file when a call returns; what a kill leaves behind reads to its last
///           line. A log that cannot be written stops no run.
class RunLog {
 public:
  static std::unique_ptr<RunLog> open(io::FileSystem& files, const std::filesystem::path& path,
                                      const Clock& clock, plan::HiddenValues hidden);
  RunLog(std::unique_ptr<io::File> file, const Clock& clock, plan::HiddenValues hidden)
      : x_file(std::move(file)), x_clock(clock), x_hidden(std::move(hidden)) {}

  /// `level` is info, warn or error. Line ends within the text become spaces.
  void line(std::string_view level, std::string_view text);
  void dataset(const DatasetReport& dataset);
  void sink(const SinkReport& sink);

 private:
  std::unique_ptr<io::File> x_file;  ///< Null: there is no log.
  const Clock& x_clock;
  plan::HiddenValues x_hidden;
  std::mutex x_mutex;
};

/// ".leat/logs/<run_id>.log"
std::filesystem::path log_path(const std::filesystem::path& state, const Uuid& run_id);

}  // namespace leat::run
