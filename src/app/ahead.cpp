#include "app/ahead.hpp"

#include <algorithm>

#include "app/all_files.hpp"
#include "app/version.hpp"
#include "base/clock.hpp"
#include "run/runner.hpp"

namespace leat::app {
namespace {

void find_missing(PlanAhead& ahead) {
  const auto& list = *ahead.intervals;
  for (std::size_t i = 0; i < list.ended.size(); ++i) {
    if (list.is_published[i]) continue;
    ++ahead.missing_count;
    const bool goes_on = i > 0 && !list.is_published[i - 1] && !ahead.missing.empty();
    if (!goes_on) ahead.missing.push_back({list.ended[i], list.ended[i], 0});
    ahead.missing.back().last = list.ended[i];
    ++ahead.missing.back().count;
  }
}

/// What a run of these takes although it was published, by all of its sinks or by some.
Status count_runs(PlanAhead& ahead, const IntervalChoice& choice) {
  const auto& list = *ahead.intervals;
  for (std::size_t i = 0; i < list.ended.size(); ++i) {
    const auto has_it = [i](const auto& by_sink) { return by_sink[i]; };
    if (!list.is_published[i] &&
        std::any_of(list.is_published_by.begin(), list.is_published_by.end(), has_it)) {
      ++ahead.partly_count;
    }
  }
  auto runs = choice;
  runs.all = true;
  TRY(const auto chosen, choose_intervals(list, runs));
  ahead.replaced_count = std::size_t(
      std::count_if(chosen.begin(), chosen.end(), [](const auto& one) { return one.replaces; }));
  return {};
}

}  // namespace

bool PlanAhead::is_pending() const {
  return missing_count > 0 || (is_range && replaced_count > 0) ||
         std::any_of(sinks.begin(), sinks.end(), [](const auto& sink) { return sink.is_pending; });
}

Result<PlanAhead> look_ahead(const plan::Plan& plan, const LoadOptions& options,
                             const IntervalChoice& choice) {
  PlanAhead ahead;
  ahead.is_range = !choice.from.empty() || !choice.to.empty();
  if (ahead.is_range && !plan.intervals) return needs_intervals(choice);
  run::RunServices services;
  services.files = &all_files();
  services.clock = &system_clock();
  services.leat_version = version();
  const auto is_main = [](const plan::SinkNode& sink) { return !sink.by_interval; };
  if (std::any_of(plan.sinks.begin(), plan.sinks.end(), is_main)) {
    TRY(ahead.sinks, run::look_ahead(plan, {}, services));
  }
  if (!plan.intervals) return ahead;
  TRY(ahead.intervals, list_intervals(plan, options));
  if (!ahead.intervals) return ahead;
  ahead.rows_expected = ahead.intervals->rows_expected;
  TRY(keep_between(*ahead.intervals, choice));
  find_missing(ahead);
  TRY(count_runs(ahead, choice));
  return ahead;
}

}  // namespace leat::app
