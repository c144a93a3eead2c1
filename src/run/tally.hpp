#pragma once

#include <string>

#include "run/live_run.hpp"
#include "run/report.hpp"
#include "run/slice_run.hpp"

namespace leat::run {

/// Adds what a slice learned. False when a sink of it was held or failed.
bool add_slice(RunReport& report, SliceReport slice, const Weights& weights);

/// The score over all that was read.
void settle_score(RunReport& report, const Weights& weights);

/// Adds what a group of sinks learned. Each group reads from where its sinks stand, so the same
/// rows may be read and judged again for another group: of a dataset the widest reading is told,
/// not the sum.
void add_group(RunReport& report, RunReport part);

/// The report's entry for a sink; made, as `unchanged`, when it has none yet.
SinkReport& sink_of(RunReport& report, const LiveRun& run, const std::string& name);

/// Status and exit code from the sinks' verdicts; 6 where only locks were in the way. `signal`: the
/// number of the one that interrupted the run, 0 for none; the exit code is 128 more.
void settle_status(RunReport& report, int signal);

/// The report as one JSON object: docs/formats/run-report.md.
std::string to_json(const RunReport& report);

}  // namespace leat::run
