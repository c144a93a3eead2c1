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

Status find_runs_again(PlanAhead& ahead) {
  const auto& list = *ahead.intervals;
  if (list.rule.lookback.count() == 0) return {};
  TRY(const auto runs, choose_intervals(list, {"", "", true, false}));
  for (const auto& interval : runs) {
    const auto at = std::find_if(list.ended.begin(), list.ended.end(),
                                 [&](const auto& one) { return one.start == interval.start; });
    if (list.is_published[std::size_t(at - list.ended.begin())]) {
      ahead.run_again.push_back(interval);
    }
  }
  return {};
}

}  // namespace

bool PlanAhead::is_pending() const {
  return missing_count > 0 ||
         std::any_of(sinks.begin(), sinks.end(), [](const auto& sink) { return sink.is_pending; });
}

Result<PlanAhead> look_ahead(const plan::Plan& plan, const LoadOptions& options) {
  PlanAhead ahead;
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
  find_missing(ahead);
  TRY(find_runs_again(ahead));
  return ahead;
}

}  // namespace leat::app
