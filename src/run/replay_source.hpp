#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "core/catalog.hpp"
#include "plan/plan.hpp"
#include "run/live_run.hpp"
#include "run/replay_rows.hpp"

namespace leat::run {

/// What stands for a dataset in the plan of a replay, until its rows are known.
std::shared_ptr<const SourceSpec> empty_source(const data::Schema& columns);

/// A source that yields the rows on their way back into a dataset, with the columns that its checks
/// meet; each row once. `node`: the source that they were of; null: they were of a model.
Result<std::unique_ptr<Source>> replay_source(LiveRun& run, const plan::SourceNode* node,
                                              ReplayRows rows, data::Schema columns);

/// The rows as they come in: those that cannot be read bear faults.
Result<std::unique_ptr<ChunkSource>> read_again(LiveRun& run, const plan::SourceNode* node,
                                                const ReplayRows& rows,
                                                const data::Schema& columns);

/// Which texts of fields that were set aside of this source can be read again. `whole`: the plan
/// with the nodes that items of it are read from; they are, where `segments` hold such texts.
Result<ReadsTextsOf> reads_texts(LiveRun& run, const plan::Plan& whole,
                                 const plan::SourceNode* node,
                                 const std::vector<std::filesystem::path>& segments);

}  // namespace leat::run
