#include "app/interval_runs.hpp"

#include <algorithm>

#include "app/open_run.hpp"
#include "app/run.hpp"
#include "base/clock.hpp"
#include "base/crash_point.hpp"

namespace leat::app {
namespace {

std::string what_was_done(const IntervalChoice& choice) {
  std::string text = "while looking for the intervals that are missing";
  if (!choice.from.empty() && !choice.to.empty()) {
    return text + " in " + choice.from + "/" + choice.to;
  }
  if (!choice.from.empty()) return text + " from " + choice.from;
  if (!choice.to.empty()) return text + " up to " + choice.to;
  return text;
}

}  // namespace

Result<std::optional<IntervalRuns>> interval_runs(const RunOrder& order, const LoadOptions& options,
                                                  const IntervalChoice& choice) {
  TRY(const auto file, find_pipeline(order.file));
  TRY(const bool has_some, has_intervals(file, options));
  if (!has_some) {
    if (choice.all || !choice.from.empty() || !choice.to.empty()) return needs_intervals(choice);
    return std::optional<IntervalRuns>();
  }
  TRY(const auto list, list_intervals(file, options, order.sinks));
  IntervalRuns runs;
  runs.published =
      std::size_t(std::count(list->is_published.begin(), list->is_published.end(), true));
  if (!list->ended.empty()) runs.until = format_instant(list->ended.back().end);
  TRY(auto chosen, choose_intervals(*list, choice));
  stop_point("intervals.chosen");
  for (auto& one : chosen) {
    if (runs.runs.empty()) {
      one.sinks.insert(one.sinks.end(), list->others.begin(), list->others.end());
    }
    runs.runs.push_back({one.interval, {file, std::move(one.sinks)}, !one.is_again});
  }
  if (runs.runs.empty() && !list->others.empty()) {
    runs.runs.push_back({list->stand_in, {file, list->others}});
  }
  return std::optional<IntervalRuns>(std::move(runs));
}

Result<std::optional<IntervalRuns>> next_interval_runs(const RunOrder& order,
                                                       const LoadOptions& options,
                                                       const IntervalChoice& choice) {
  auto runs = interval_runs(order, options, choice);
  if (runs.ok()) return runs;
  if (const auto file = find_pipeline(order.file); file.ok()) {
    note_grave(*file, for_a_run(options), Error(runs.error()).during(what_was_done(choice)));
  }
  return runs;
}

}  // namespace leat::app
