#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/project.hpp"
#include "base/cancel.hpp"
#include "run/replay.hpp"

namespace leat::app {

/// Which rows come back from the quarantine.
struct ReplayOrder {
  std::string asked;   ///< A dataset, pipeline.dataset, or the beginning of a publish id.
  std::string check;   ///< Only rows that failed it; empty: all.
  bool alone = false;  ///< Judge them without the rows that checks compare them with.
  bool late = false;   ///< Also rows whose place a newer row may have taken.
};

/// A sink that rows cannot come to one by one, and why.
struct OtherWay {
  std::string sink;
  std::string why;
};

/// What came of the rows of one dataset.
struct ReplayReport {
  std::string pipeline;
  std::string dataset;
  std::optional<run::ReplayOutcome> rows;  ///< Of sinks that rows come to one by one.
  std::vector<OtherWay> again;             ///< Of these everything was read again,
  std::optional<run::RunReport> run;       ///< in this run.
  std::vector<OtherWay> refused;           ///< These were left alone.
  int exit_code = 0;
};

/// Rows that were set aside come back into the dataset where they had failed. Errors: nothing of
/// what was asked for is in quarantine; what kept a run from beginning.
Result<std::vector<ReplayReport>> replay_quarantine(const std::filesystem::path& where,
                                                    const LoadOptions& options,
                                                    const ReplayOrder& order,
                                                    const CancelToken& cancel,
                                                    const run::RunEvents& events);

}  // namespace leat::app
