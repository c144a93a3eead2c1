#pragma once

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"
#include "plan/pipeline_file.hpp"

namespace leat::plan {

/// A source whose items nobody has read yet: its columns are those that the file says.
void plan_late(const FileSource& file, const SourceEntry& entry, const PlanServices& services,
               DraftSource& source, config::Findings& findings);

}  // namespace leat::plan
