#pragma once

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"
#include "plan/pipeline_file.hpp"

namespace leat::plan {

/// Looks connectors up, reads their options and finds out the columns.
void plan_sources(const std::vector<FileSource>& sources, const PlanServices& services,
                  Draft& draft, config::Findings& findings);

}  // namespace leat::plan
