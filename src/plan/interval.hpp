#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/template.hpp"
#include "engine/session.hpp"

namespace leat::plan {

enum class IntervalUnit { hour, day, week, month };
std::string_view name_of(IntervalUnit unit);

/// The time ranges that a pipeline is about.
struct IntervalRule {
  IntervalUnit unit = IntervalUnit::day;
  std::string start;  ///< A local date, or of hours a local time: "2024-01-01", "2024-01-01 06:00".
  std::string end;    ///< Not included; empty: they go on.
  std::chrono::milliseconds lookback{0};
  std::string timezone = "UTC";
};

/// One of them: from `start` up to `end`, which is not included.
///
/// Units    instants in UTC; `local_…` is what a clock in the rule's zone shows.
struct Interval {
  Instant start{};
  Instant end{};
  std::string local_start;  ///< "2024-01-01 00:00:00"
  std::string local_end;
  std::string name;  ///< "2024-01-01"; of an hour "2024-01-01T05Z", of a month "2024-01".
                     ///< Names are there when `complete` has been called.

  /// Its lane in the ledger: "2024-01-01T05:00:00Z/2024-01-02T05:00:00Z".
  std::string lane() const;
  bool operator==(const Interval&) const = default;
};

/// The interval that a lane is of, without its names; nothing: it is of none.
std::optional<Interval> interval_of_lane(std::string_view lane);

/// All intervals that have ended at `now`, oldest first. Borders lie in the rule's zone: a day may
/// have 23 hours, and an hour that a clock shows twice is two.
///
/// Errors   config  no such zone; a start or an end that is no border of the unit.
Result<std::vector<Interval>> intervals_until(const IntervalRule& rule, Instant now,
                                              engine::Session& session);

/// The first one, whether or not it has ended: what a check takes for any of them.
Result<Interval> first_interval(const IntervalRule& rule, engine::Session& session);

/// Fills in its names.
Status complete(Interval& interval, const IntervalRule& rule, engine::Session& session);

/// "2024-01-01" and "2024-01-01 06:00" in the rule's zone, "2024-01-01T05:00:00Z" anywhere.
Result<Instant> instant_of(const std::string& text, const IntervalRule& rule,
                           engine::Session& session);

/// Makes `{{ interval.… }}` known.
void add_interval_values(const Interval& interval, IntervalUnit unit, config::Values& values);

}  // namespace leat::plan
