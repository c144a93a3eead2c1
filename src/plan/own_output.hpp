#pragma once

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"
#include "plan/load.hpp"

namespace leat::plan {

/// A sink must not write what a source of its pipeline reads, or every run reads its own rows
/// again; nor what the pipeline is made of: its file, its SQL, the project's file, anything in
/// `.leat`.
///
/// Promise   links, `..` and absolute paths are seen through; files that are not there yet count as
///           if they were. An output that is read is told at both places: sink and source.
void judge_written_files(const LoadedPipeline& loaded, const Plan& plan, const Draft& draft,
                         const PlanServices& services, config::Findings& findings);

}  // namespace leat::plan
