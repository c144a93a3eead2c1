#pragma once

#include "run/live_run.hpp"

namespace leat::run {

/// Removes what a publish that did not happen left staged. What cannot be removed is noted in its
/// record and said in the report; it is in nobody's way.
void drop_stage(LiveRun& run, Sink& sink, state::PublishRecord& record);

/// Tries again for the publishes of earlier runs whose stage could not be removed.
Status drop_old_stages(LiveRun& run);

}  // namespace leat::run
