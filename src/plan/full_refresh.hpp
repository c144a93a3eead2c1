#pragma once

#include "base/result.hpp"
#include "plan/plan.hpp"

namespace leat::plan {

/// The same plan, whose sources are read from their start and whose sinks replace all they hold. A
/// sink that takes new rows goes on from there the next time.
///
/// Errors   config  a sink keeps history, shares its target, or publishes by interval.
Result<Plan> read_anew(Plan plan);

}  // namespace leat::plan
