#pragma once

#include <map>

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"
#include "plan/pipeline_file.hpp"

namespace leat::plan {

/// Compiled checks by dataset, ids unique in each.
using ChecksByDataset = std::map<std::string, std::vector<Check>>;

ChecksByDataset plan_checks(const std::vector<FileCheck>& checks, const PlanServices& services,
                            const Draft& draft, config::Findings& findings);

}  // namespace leat::plan
