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

/// Writes a critical event when disk, memory or a permission of the machine has stopped a sink, or
/// a run that could not begin, by `error`. One that cannot be noted changes nothing.
void note_grave(const LiveRun& run, const RunReport& report);
void note_grave(const RunServices& services, const RunReport& report, const Error& error);

/// Writes down the end of a run that could not do so itself: it was killed, or its machine is gone.
Status end_killed(state::Store& store, const Clock& clock, state::RunRecord record);

/// The same for all runs of the pipeline that go on nowhere, each with an event.
Status end_crashed_runs(LiveRun& run);

}  // namespace leat::run
