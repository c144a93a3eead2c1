#pragma once

#include "plan/load.hpp"

namespace leat::plan {

/// Reads the contract of every source and model: the map in the pipeline, the file that it names,
/// or `contracts/<pipeline>.<source>.yml` where that is there. The checks of its columns join those
/// of the pipeline.
void load_contracts(LoadedPipeline& loaded, const LoadOptions& options, config::Findings& findings);

}  // namespace leat::plan
