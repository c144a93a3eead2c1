#pragma once

#include <string>
#include <vector>

#include "run/live_run.hpp"
#include "run/replay_rows.hpp"

namespace leat::run {

/// Rows that stand in quarantine, each column by itself.
struct RowsByColumn {
  /// A table expression for the session of the run: the columns of the dataset, `quarantine` (what
  /// the segment says of the row: file, record_no, line_no, failed_checks, message, raw), and
  /// kOfPublish, kRowNo and kLost.
  std::string from_sql;
  std::uint64_t rows = 0;
};

inline constexpr const char* kOfPublish = "leat_publish";  ///< varchar: the segment's publish.
inline constexpr const char* kRowNo = "leat_row";          ///< bigint: its number there.
/// varchar: the columns whose value cannot be told, each with a comma behind it; kAllLost: all.
inline constexpr const char* kLost = "leat_lost";

/// `node`: the source of `whole` that the dataset is; null: a model. Cells that cannot be read are
/// null.
Result<RowsByColumn> rows_by_column(LiveRun& run, const plan::Plan& whole,
                                    const plan::SourceNode* node, const data::Schema& columns,
                                    const std::vector<StandingSegment>& segments,
                                    const std::string& check);

}  // namespace leat::run
