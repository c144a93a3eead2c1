#pragma once

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"
#include "plan/pipeline_file.hpp"

namespace leat::plan {

/// Looks connectors up, checks strategy, target, columns and the guarantee that is asked for.
std::vector<SinkNode> plan_sinks(const PipelineFile& file, const std::vector<SourceNode>& sources,
                                 const std::vector<ModelNode>& models, const PlanServices& services,
                                 const Draft& draft, const std::optional<Interval>& interval,
                                 config::Findings& findings);

}  // namespace leat::plan
