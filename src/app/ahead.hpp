#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/intervals.hpp"
#include "plan/plan.hpp"
#include "run/look_ahead.hpp"

namespace leat::app {

/// Intervals that lie beside each other and are all missing.
struct MissingIntervals {
  plan::Interval first;
  plan::Interval last;
  std::size_t count = 0;
};

/// What a run of a plan would find to do.
struct PlanAhead {
  std::vector<run::Ahead> sinks;
  std::optional<IntervalList> intervals;
  std::vector<MissingIntervals> missing;  ///< Oldest first.
  std::size_t missing_count = 0;
  std::size_t partly_count = 0;    ///< Of those: some sinks have published, the others lack it.
  std::size_t replaced_count = 0;  ///< Published, and run again.
  bool is_range = false;           ///< They are all those between two times.
  std::optional<std::uint64_t> rows_expected;  ///< Of an interval, by those that are published.

  bool is_pending() const;
};

/// Looks at ledgers and sources; changes nothing. Of the intervals those that `choice` means.
Result<PlanAhead> look_ahead(const plan::Plan& plan, const LoadOptions& options,
                             const IntervalChoice& choice);

}  // namespace leat::app
