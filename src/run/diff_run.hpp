#pragma once

#include "run/runner.hpp"
#include "run/would_publish.hpp"

namespace leat::run {

/// What a run would publish, and what that would change of each target.
///
/// Promise   as a run reads, judges and stages, in one slice; nothing is published, no hook
///           runs. Sinks that nothing is new for are left out.
/// Errors    those of a run.
Result<std::vector<WouldPublish>> diff_run(plan::Plan plan, RunOptions options,
                                           const RunServices& services);

}  // namespace leat::run
