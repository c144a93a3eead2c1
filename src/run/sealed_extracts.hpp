#pragma once

#include "run/report.hpp"
#include "run/slice_run.hpp"

namespace leat::run {

/// A full refresh begins with none.
Result<std::unique_ptr<PartFiles>> open_parts(const LiveRun& run, const plan::SourceNode& node);

/// The extracts that are read next are for sinks that stand here.
void begin_extracts(LiveRun& run, const std::map<std::string, Head>& heads);

/// What a run would find sealed of the sources of a sink, a sentence each. Nothing is changed.
std::vector<std::string> look_at_extracts(const LiveRun& run, const plan::SinkNode& sink);

/// Once its sinks have said what becomes of a slice nothing of its extracts is needed any more;
/// where a target could not be reached they are kept, for the next run.
void end_extracts(LiveRun& run, const SliceOrder& order, SliceReport& report);

}  // namespace leat::run
