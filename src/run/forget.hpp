#pragma once

#include "run/live_run.hpp"

namespace leat::run {

/// Forgets runs that the project's retention does not keep, with their logs. What cannot be
/// forgotten now is the next run's to forget, and stops none.
void forget_history(LiveRun& run);

}  // namespace leat::run
