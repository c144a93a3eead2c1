#pragma once

#include "run/live_run.hpp"
#include "run/report.hpp"

namespace leat::run {

/// Runs `hooks.before`. Errors: the first that fails; nothing has been read yet.
Status run_before_hooks(const LiveRun& run);

/// Runs the hooks that fit how the run came out: `after` where it succeeded, `on_failure` where it
/// did not, `finally` always. The report's status is settled by then.
///
/// Promise   a failing `after` makes a run partial: what it published stays. No other hook changes
///           the verdict; what failed is a warning. An interrupted run ends its hooks, too.
void run_ending_hooks(const LiveRun& run, RunReport& report);

}  // namespace leat::run
