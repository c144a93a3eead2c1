#pragma once

#include <vector>

#include "run/pass_build.hpp"
#include "run/report.hpp"

namespace leat::run {

/// What one pass tells of the datasets it read and made: counts, outcomes of row checks, of the
/// contract and of a fallback, and statistics of what it made. Datasets spooled before are
/// told by the pass that made them.
std::vector<DatasetReport> dataset_reports(const LiveRun& run, const plan::PassNode& node,
                                           const engine::PassReport& report, const Spools& spools);

}  // namespace leat::run
