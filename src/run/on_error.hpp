#pragma once

#include "run/live_run.hpp"
#include "run/report.hpp"

namespace leat::run {

/// Notes that a source could not be read, where the pipeline says what to do then. False: it does
/// not, and the error stands. Any thread.
bool note_failed(const LiveRun& run, const std::string& source, const Error& error);

/// The same slice; what goes wrong while it is read is noted.
SliceRead watch(const LiveRun& run, const std::string& source, SliceRead read);

/// The source that is read in its place: itself, or its fallback.
const plan::SourceNode& stand_in(const LiveRun& run, const plan::SourceNode& source);

/// Skips or replaces the sources that failed since the last call, and says so. False when there is
/// none, or when the pipeline says that the run fails then: nothing has changed.
bool replace_failed(LiveRun& run, RunReport& report);

/// The sources below a sink that the policy's fallback can still be read for.
std::vector<const plan::SourceNode*> breached_sources(const LiveRun& run,
                                                      const plan::SinkNode& sink);

/// From here on the policy's fallback is read for those below the sinks whose gate has closed.
/// `breaches` is by sink: why.
void replace_breached(LiveRun& run, const std::map<std::string, std::string>& breaches,
                      RunReport& report);

}  // namespace leat::run
