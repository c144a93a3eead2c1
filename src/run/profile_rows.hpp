#pragma once

#include "run/live_run.hpp"
#include "run/pass_build.hpp"
#include "run/report.hpp"

namespace leat::run {

/// Writes a profile into each dataset that was measured. Where statistics leave something open, the
/// rows are looked at with `policy.profile`; else there is no profile.
///
/// Promise   nothing is estimated. The rows are queried only where statistics leave it open whether
///           there is an outlier, or where several checks let rows pass that fail them.
Status profile_datasets(LiveRun& run, const Spools& kept, std::vector<DatasetReport>& datasets);

}  // namespace leat::run
