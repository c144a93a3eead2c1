#include "app/diff_pipeline.hpp"

#include "app/interval_runs.hpp"
#include "app/open_run.hpp"
#include "app/run.hpp"
#include "run/diff_run.hpp"

namespace leat::app {
namespace {

Result<RunChange> diff_one(const RunOrder& order, const LoadOptions& options) {
  const auto with = for_a_run(options);
  TRY(auto plan, Planner(with).plan(order.file, true));
  TRY(auto opened, open_store(plan));
  if (!order.sinks.empty()) plan = restricted(std::move(plan), order);
  RunChange change;
  if (plan.interval) change.interval = plan.interval->name;
  TRY(change.sinks, run::diff_run(std::move(plan), run_options(with), services_of(*opened.store)));
  return change;
}

}  // namespace

Result<std::vector<RunChange>> diff_pipeline(const std::filesystem::path& where,
                                             const LoadOptions& options,
                                             const IntervalChoice& choice) {
  TRY(const auto file, find_pipeline(where));
  std::vector<RunChange> changes;
  TRY(const auto intervals, interval_runs({file, {}}, options, choice));
  if (!intervals) {
    TRY(auto change, diff_one({file, {}}, options));
    changes.push_back(std::move(change));
    return changes;
  }
  for (const auto& one : intervals->runs) {
    auto of_interval = options;
    of_interval.interval = one.interval;
    TRY(auto change, diff_one(one.order, of_interval));
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace leat::app
