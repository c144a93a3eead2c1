#pragma once

#include "run/live_run.hpp"

namespace leat::run {

/// Removes what a publish that is over left staged, where its sink is open and has the target that
/// it had. What cannot be removed is noted in the record and said in the report: nobody reads it.
void drop_stage(LiveRun& run, state::PublishRecord& record);

/// Tries again for publishes of earlier runs, all but those of runs that go on.
Status drop_old_stages(LiveRun& run);

}  // namespace leat::run
