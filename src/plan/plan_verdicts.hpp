#pragma once

#include <vector>

#include "plan/draft.hpp"
#include "plan/pipeline_file.hpp"

namespace leat::plan {

/// The sinks of a pipeline: those of the file. One that has checks and no sink at all only judges:
/// it gets a sink `<dataset>_verdict` of the connector `verdict` for each dataset with checks that
/// no other one of these rests on.
///
/// Promise   what is made depends on the file alone, so each run finds the last one's ledgers.
std::vector<FileSink> sinks_of(const PipelineFile& file, const std::vector<SourceNode>& sources,
                               const std::vector<ModelNode>& models, const Draft& draft);

}  // namespace leat::plan
