#pragma once

#include "run/slice_run.hpp"

namespace leat::run {

/// Where earlier passes of this slice left a dataset for later ones.
using Spools = std::map<std::string, StageTarget>;

/// What a source of this run may use while it is read.
ReadContext read_context(const LiveRun& run);

/// Puts sources, spools and checks of one planned pass together; the stages are the caller's.
Result<engine::Pass> build_pass(LiveRun& run, const plan::PassNode& node, const SliceOrder& order,
                                const Spools& spools, const Spools& kept);

/// The first stage whose file holds all rows and columns and can be read as it lies.
std::optional<StageTarget> readable_stage(const std::vector<Stage>& stages);

/// A SELECT that yields the rows of such a file, every column of its own type again.
std::string rows_of(const StageTarget& stage, const data::Schema& schema);

/// A temporary Parquet file that carries every type of `schema` there and back.
Result<StageTarget> make_spool(const LiveRun& run, const std::string& dataset,
                               const data::Schema& schema);

/// What a dataset that was left out looks like to those that may run without it.
EngineScan no_rows(const data::Schema& schema);

/// The rows of a spool with the types that they had.
EngineScan read_spool(const StageTarget& spool, const data::Schema& schema);

}  // namespace leat::run
