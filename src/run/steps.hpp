#pragma once

#include <string>
#include <vector>

#include "run/live_run.hpp"
#include "run/report.hpp"

namespace leat::run {

/// Writes down that a node begins. A step that cannot be noted stops no run.
void note_step(const LiveRun& run, const std::string& node);

/// The steps of a run, as its report tells them.
std::vector<state::StepRecord> steps_of(const LiveRun& run, const RunReport& report);

/// Writes an event when the run has set more rows of a dataset aside than the run before it did.
/// One that cannot be noted stops no run.
void note_growth(const LiveRun& run, const RunReport& report);

/// What is to be written about runs that were killed.
Status end_crashed_runs(LiveRun& run);

}  // namespace leat::run
