#pragma once

#include "run/live_run.hpp"

namespace leat::run {

/// The sink of a publish, at the target that it had; null: it is not open, or is elsewhere now.
Sink* sink_there(LiveRun& run, const state::PublishRecord& record);

/// Removes what a publish that is over left staged. What stays (it cannot be removed, or the sink
/// is not there) is noted in the record; nobody reads it.
void drop_stage(LiveRun& run, state::PublishRecord& record);

/// Tries again for publishes of earlier runs, all but those of runs that are under way.
Status drop_old_stages(LiveRun& run);

}  // namespace leat::run
