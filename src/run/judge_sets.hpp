#pragma once

#include "run/live_run.hpp"
#include "run/pass_build.hpp"
#include "run/report.hpp"

namespace leat::run {

/// Judges the set checks of the datasets that a slice has read, and adds what they say to each.
///
/// Calls     when all passes of the slice are done, before anything is sealed.
/// Promise   statistics answer where they are certain; else the rows in `kept` are queried. No
///           verdict rests on an estimate.
/// Errors    those of a query that cannot be computed (data: "division by zero" names the check).
Status judge_sets(LiveRun& run, const Spools& kept, std::vector<DatasetReport>& datasets);

}  // namespace leat::run
