#pragma once

#include <map>
#include <string>
#include <vector>

#include "run/live_run.hpp"
#include "run/report.hpp"
#include "run/would_publish.hpp"

namespace leat::run {

/// One slice for the sinks that stand at the same position.
struct SliceOrder {
  std::vector<std::string> sinks;
  std::map<std::string, Slice> slices;  ///< By source; all that the sinks rest on.
  std::map<std::string, Head> heads;    ///< By sink: what each commit expects.
};

/// What came of it.
struct SliceReport {
  std::vector<DatasetReport> datasets;
  std::vector<SinkReport> sinks;
  std::vector<std::string> warnings;
  std::vector<std::string> check_warnings;  ///< See GateDecision.
  std::vector<std::string> queries;
  std::vector<std::string> segments;
  /// By sink: why its gate closed, where another source is to be read then. Its stage is gone; the
  /// others were published as ever.
  std::map<std::string, std::string> breaches;
  /// Those sinks, and those that were left out for what may be other rows then.
  std::vector<std::string> postponed;
  /// What was left out of the run before, for when these are asked anew.
  std::map<std::string, std::string> skipped_before;
  bool is_dropped = false;  ///< No gate was open: as if the slice had not been.
};

/// Reads, judges, stages, seals, decides and publishes one slice. Then the positions behind its
/// slices are complete.
///
/// Promise   on an error nothing was published, every stage is gone, and what its rows left out is
///           no longer left out; a sink that failed after another was published is told in the
///           report, not as an error.
Result<SliceReport> run_slice(LiveRun& run, SliceOrder& order);

/// The way of a slice up to `dataset`, whose rows go into `into`; then it ends.
///
/// Promise   no publish is planned, no sink is opened, nothing is set aside for good: `aside` takes
///           it where it is given.
Result<SliceReport> look_slice(LiveRun& run, SliceOrder order, const std::string& dataset,
                               const StageTarget& into, QuarantineSpool* aside = nullptr);

/// Stages a slice and asks each target what its publish would change of the rows that are there.
///
/// Promise   nothing is published, and no stage and nothing that was set aside is left.
Result<std::vector<WouldPublish>> diff_slice(LiveRun& run, SliceOrder order);

}  // namespace leat::run
