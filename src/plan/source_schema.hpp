#pragma once

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"

namespace leat::plan {

/// With a contract the columns are those it says; a look at what is there is for drift.
void find_schema(DraftSource& source, const PlanServices& services, config::Findings& findings);

/// A run goes on without a source where the pipeline says how; its columns are those of its
/// contract, then.
void try_schema(DraftSource& source, const PlanServices& services, config::Findings& findings);

}  // namespace leat::plan
