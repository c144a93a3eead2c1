#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "run/runner.hpp"

namespace leat::run {

/// Which rows of the quarantine come back.
struct ReplayRequest {
  std::string dataset;
  std::string publish_id;  ///< Only of this segment; empty: of all that stand.
  std::string check;       ///< Only rows that failed it; empty: all.
  /// Also rows whose place a newer row may have taken, where nothing tells which one is newer.
  bool late = false;
};

/// What came back to one sink.
struct SinkReplay {
  std::string sink;
  std::uint64_t rows = 0;
  std::uint64_t failed_again = 0;             ///< Beside them: these are in quarantine anew.
  std::uint64_t patched = 0;                  ///< Of both.
  std::map<std::string, std::uint64_t> left;  ///< Rows that stay in quarantine, by the reason.
};

struct ReplayOutcome {
  RunReport report;
  std::vector<SinkReplay> sinks;
};

/// Takes rows that were set aside back into the dataset where they had failed, and publishes what
/// passes its checks now, to these sinks, on the lane of replays.
///
/// Promise   a row is published at most once to a sink, whatever is killed: the receipt lists the
///           rows, and its lane goes on from the one before. What fails again is in quarantine
///           again, by the new publish. Nothing that stands in a target is thrown away.
/// Errors    as run_pipeline.
Result<ReplayOutcome> replay(const plan::Plan& plan, const ReplayRequest& request,
                             const std::vector<std::string>& sinks, RunOptions options,
                             const RunServices& services);

}  // namespace leat::run
