#pragma once

#include <map>
#include <optional>
#include <string>

#include "run/live_run.hpp"

namespace leat::run {

/// Is the node part of this run? What it asks of other nodes must be known by now.
Result<bool> holds(engine::Session& session, const plan::Condition& condition,
                   const std::string& node);

/// Leaves out every source whose condition does not hold, and what rests on it.
Status skip_sources(LiveRun& run);

/// Why nothing reads this dataset in this run; nothing: it is read.
std::optional<std::string> skipped(const LiveRun& run, const std::string& dataset);

/// Notes that a dataset is left out.
void skip(LiveRun& run, const std::string& dataset, std::string why);

/// Why this sink has nothing to publish: something that it cannot go without was left out.
std::optional<std::string> skipped_below(const LiveRun& run, const plan::SinkNode& sink);

/// Makes `{{ nodes.<name>.… }}` known to what follows.
Status tell_counts(engine::Session& session, const engine::DatasetCounts& counts);

}  // namespace leat::run
