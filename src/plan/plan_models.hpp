#pragma once

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"

namespace leat::plan {

/// Parses the SQL of `draft.models`, resolves the tables it names, puts the models in order of work
/// and binds each to the columns of its inputs. Complaints point into the author's SQL.
void plan_models(const PlanServices& services, Draft& draft, config::Findings& findings);

}  // namespace leat::plan
