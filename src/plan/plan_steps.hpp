#pragma once

#include "plan/engine_access.hpp"
#include "plan/pipeline_file.hpp"

namespace leat::plan {

/// Reads what a step says of its program and of the columns that it yields. Null when it added
/// findings.
std::shared_ptr<const StepProgram> plan_step(const FileStep& step, const PlanServices& services,
                                             config::Findings& findings);

}  // namespace leat::plan
