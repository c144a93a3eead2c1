#pragma once

#include "plan/engine_access.hpp"
#include "plan/load.hpp"
#include "plan/plan.hpp"

namespace leat::plan {

/// Checks a loaded pipeline against the catalog and its SQL, and plans its passes.
///
/// Promise   pure: no network, no writes; local files are looked at only for columns that the
///           pipeline does not declare, or when `services.discover` is set.
/// Errors    config: everything that is wrong, all at once.
Result<Plan> make_plan(const LoadedPipeline& loaded, const PlanServices& services);

/// The sources alone, as they are found now, whatever their contracts say. What is wrong elsewhere
/// in the file is not told.
Result<Plan> look_at_sources(const LoadedPipeline& loaded, const PlanServices& services);

}  // namespace leat::plan
