#include "run/diff_run.hpp"

#include "run/find_items.hpp"
#include "run/live_run.hpp"
#include "run/order.hpp"
#include "run/skips.hpp"
#include "run/slice_run.hpp"

namespace leat::run {

Result<std::vector<WouldPublish>> diff_run(plan::Plan plan, RunOptions options,
                                           const RunServices& services) {
  plan.slice = {};
  options.only_looks = true;
  TRY(auto run, open_run(plan, options, services, make_uuid7(*services.clock)));
  TRY(skip_sources(*run));
  std::vector<std::string> said;
  TRY(find_items(*run, said));
  TRY(const auto groups, group_sinks(*run));
  std::vector<WouldPublish> all;
  for (const auto& group : groups) {
    TRY(auto order, next_order(*run, group));
    if (!order) continue;
    TRY(auto some, diff_slice(*run, std::move(*order)));
    for (auto& one : some) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace leat::run
