#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/intervals.hpp"
#include "app/selection.hpp"

namespace leat::app {

/// One run of one interval.
struct IntervalRun {
  plan::Interval interval;
  RunOrder order;
  bool only_missing = false;  ///< See run::RunOptions.
};

/// What `leat run` of a pipeline with intervals does.
struct IntervalRuns {
  std::vector<IntervalRun> runs;  ///< Oldest first.
  std::size_t published = 0;      ///< Intervals that are.
  std::string until;              ///< Up to where, in UTC.
};

/// Nothing: the pipeline has no intervals, and is run as it is. Sinks that do not publish by
/// interval are part of the first run alone.
Result<std::optional<IntervalRuns>> interval_runs(const RunOrder& order, const LoadOptions& options,
                                                  const IntervalChoice& choice);

/// The same before they are run: what the machine denies leaves a critical event, which names the
/// times of `choice`.
Result<std::optional<IntervalRuns>> next_interval_runs(const RunOrder& order,
                                                       const LoadOptions& options,
                                                       const IntervalChoice& choice);

}  // namespace leat::app
