#pragma once

#include <functional>
#include <string>
#include <vector>

#include "run/live_run.hpp"
#include "run/report.hpp"

namespace leat::run {

/// Reads the rows of a dataset while they are there: `rows_sql` is a table expression for the
/// session; `statistics` are of them. Called once.
using RowsReader = std::function<Status(engine::Session& session, const std::string& rows_sql,
                                        const kernels::Summary& statistics)>;

/// What was learned on the way to a dataset.
struct LookReport {
  std::vector<DatasetReport> datasets;  ///< Everything it rests on, and itself if it was judged.
  kernels::Summary statistics;          ///< Of the dataset's rows.
  std::vector<std::string> queries;
};

/// Runs a pipeline up to one source or model, over all that is there now, and hands its rows to
/// `reader`.
///
/// Promise   nothing is published, no state is kept, no target is opened; the rows pass the same
///           checks as in a run, and those that fail are left out; `aside` takes them where it is
///           given. May go on beside a run.
Result<LookReport> look_at(const plan::Plan& plan, const std::string& dataset,
                           const RunOptions& options, const RunServices& services,
                           const RowsReader& reader, QuarantineSpool* aside = nullptr);

}  // namespace leat::run
