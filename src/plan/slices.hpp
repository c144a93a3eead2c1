#pragma once

#include "plan/load.hpp"

namespace leat::plan {

/// Refuses `slice` where there is nothing to cut, and where it would part rows that a check
/// compares: what such a check says must not depend on where a run was cut.
void judge_slice(const LoadedPipeline& loaded, const Plan& plan, config::Findings& findings);

}  // namespace leat::plan
