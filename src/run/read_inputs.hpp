#pragma once

#include <vector>

#include "core/inputs.hpp"
#include "run/live_run.hpp"

namespace leat::run {

/// What is there now of a source after a position.
/// Errors    those of the source, which are noted as its own.
Result<std::vector<Input>> inputs_after(LiveRun& run, const std::string& source,
                                        const Position& from);

/// The same of a position alone, as this project names files.
std::vector<Input> inputs_of(const LiveRun& run, const Position& position);

/// The positions in a receipt whose rows were published: of an append not those of lookups.
PositionMap published_positions(const Receipt& receipt);

/// Does the receipt stand for any of these? Files of the same name in another project are compared
/// byte by byte.
Result<bool> has_published(LiveRun& run, const Receipt& receipt, InputIndex& inputs);

}  // namespace leat::run
