#include "app/interval_runs.hpp"

#include <algorithm>

#include "base/clock.hpp"

namespace leat::app {
namespace {

/// The sinks of an order that publish by interval, and those that do not.
struct SinkKinds {
  std::vector<std::string> by_interval;
  std::vector<std::string> others;
};

bool is_meant(const RunOrder& order, const std::string& sink) {
  return order.sinks.empty() ||
         std::find(order.sinks.begin(), order.sinks.end(), sink) != order.sinks.end();
}

SinkKinds kinds_of(const RunOrder& order, const IntervalList& list) {
  SinkKinds kinds;
  for (const auto& name : list.by_interval) {
    if (is_meant(order, name)) kinds.by_interval.push_back(name);
  }
  for (const auto& name : list.others) {
    if (is_meant(order, name)) kinds.others.push_back(name);
  }
  return kinds;
}

Error needs_intervals(const IntervalChoice& choice) {
  const std::string flag = choice.all ? "--all" : !choice.from.empty() ? "--from" : "--to";
  return Error(Fault::config, "`" + flag + "` is about intervals, and the pipeline has none")
      .hint("nothing ran; add `interval: {unit: day, start: 2024-01-01}`");
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
  const auto kinds = kinds_of(order, *list);
  IntervalRuns runs;
  runs.published =
      std::size_t(std::count(list->is_published.begin(), list->is_published.end(), true));
  if (!list->ended.empty()) runs.until = format_instant(list->ended.back().end);
  std::vector<plan::Interval> chosen;
  if (!kinds.by_interval.empty()) {
    TRY(chosen, choose_intervals(*list, choice));
  }
  for (const auto& interval : chosen) {
    auto sinks = kinds.by_interval;
    if (runs.runs.empty()) sinks.insert(sinks.end(), kinds.others.begin(), kinds.others.end());
    runs.runs.push_back({interval, {file, std::move(sinks)}});
  }
  if (runs.runs.empty() && !kinds.others.empty()) {
    runs.runs.push_back({list->stand_in, {file, kinds.others}});
  }
  return std::optional<IntervalRuns>(std::move(runs));
}

}  // namespace leat::app
