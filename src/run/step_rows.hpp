#pragma once

#include <memory>

#include "run/pass_build.hpp"

namespace leat::run {

/// What a step gets as its stdin: a stage that a pass fills beside others.
struct StepInput {
  Stage stage;
  std::unique_ptr<ChunkWriter> writer;  ///< Of a stage that the engine does not write.
};

/// For the rows of the node before a step, whose columns are `schema`.
Result<StepInput> step_input(const LiveRun& run, const plan::ModelNode& step,
                             const data::Schema& schema);

/// Starts the step's program over its stdin, which must lie there, and opens what it wrote.
///
/// Errors   external  the program failed, or what it wrote is not what the step declares.
Result<engine::PassInput> step_output(LiveRun& run, const plan::ModelNode& node);

}  // namespace leat::run
