#pragma once

#include "plan/engine_access.hpp"
#include "plan/load.hpp"
#include "plan/plan.hpp"

namespace leat::plan {

/// Gathers what contracts say of columns for people: of sources, of models, and of columns that
/// models copy as they stand. Warns where numbers of two units meet in one column.
///
/// Errors    internal: a SELECT that the plan had bound cannot be bound any more.
Status note_columns(const LoadedPipeline& loaded, const PlanServices& services, Plan& plan);

}  // namespace leat::plan
