#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/project.hpp"
#include "plan/interval.hpp"

namespace leat::app {

/// The intervals of a pipeline that have ended by now, and what its ledgers say of them.
struct IntervalList {
  plan::IntervalRule rule;
  std::vector<plan::Interval> ended;               ///< Oldest first; without their names.
  std::vector<bool> is_published;                  ///< By every sink that publishes by interval.
  std::vector<std::string> by_interval;            ///< Those sinks.
  std::vector<std::vector<bool>> is_published_by;  ///< By each of them, as `is_published`.
  std::vector<std::string> others;                 ///< The other ones.
  std::optional<plan::Retry> retry;                ///< As the pipeline says.
  std::optional<std::uint64_t> rows_expected;      ///< Of one, by the last ones that are published.
  plan::Interval stand_in;                         ///< For a run of the others alone.
};

/// What a command line asks of them.
struct IntervalChoice {
  std::string from;
  std::string to;  ///< Not included.
  bool all = false;
  bool only_missing =
      false;  ///< All that are missing, between `from` and `to` where these are given.
};

/// What a choice is told where the pipeline has none.
Error needs_intervals(const IntervalChoice& choice);

/// Looks at the file alone. Errors: it cannot be read.
Result<bool> has_intervals(const std::filesystem::path& file, const LoadOptions& options);

/// Nothing: the pipeline has no intervals. `sinks`: only those; empty: all.
/// Errors   those of the plan and of the targets.
Result<std::optional<IntervalList>> list_intervals(const std::filesystem::path& file,
                                                   const LoadOptions& options,
                                                   const std::vector<std::string>& sinks);

/// The same for all sinks of a plan that was made.
Result<std::optional<IntervalList>> list_intervals(const plan::Plan& plan,
                                                   const LoadOptions& options);

/// An interval that is run.
struct ChosenInterval {
  plan::Interval interval;
  bool replaces = false;           ///< One of `sinks` has published it before.
  std::vector<std::string> sinks;  ///< Those that lack it; where it is run again, all.
  bool is_again = false;           ///< It is run whether it is published or not.
};

/// Leaves only those between the two times of `choice`, where it has any.
Status keep_between(IntervalList& list, const IntervalChoice& choice);

/// Those that a run takes, oldest first: the oldest that is missing, all that are, or those between
/// two times; and with each missing one those that `lookback` runs again.
Result<std::vector<ChosenInterval>> choose_intervals(const IntervalList& list,
                                                     const IntervalChoice& choice);

}  // namespace leat::app
