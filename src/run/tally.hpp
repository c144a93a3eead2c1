#pragma once

#include <string>

#include "run/live_run.hpp"
#include "run/report.hpp"
#include "run/slice_run.hpp"

namespace leat::run {

/// Adds what a slice learned. False when a sink of it was not published.
bool add_slice(RunReport& report, SliceReport slice);

/// The report's entry for a sink; made, as `unchanged`, when it has none yet.
SinkReport& sink_of(RunReport& report, const LiveRun& run, const std::string& name);

/// Status and exit code from the sinks' verdicts; 6 where only locks were in the way.
void settle_status(RunReport& report, bool interrupted);

/// The report as one JSON object: docs/formats/run-report.md.
std::string to_json(const RunReport& report);

}  // namespace leat::run
