#include "run/slice_run.hpp"

#include <algorithm>
#include <utility>

#include "run/slice_work.hpp"

namespace leat::run {
namespace {

/// Rows that are compared have no order, and are read twice.
bool may_compare_keys(const LiveRun& run) {
  const auto& sources = run.plan.sources;
  return !keeps_order(run.plan) && std::none_of(sources.begin(), sources.end(), [](auto& source) {
    return source.spec->replay() == Replay::none;
  });
}

/// Does `work`, and once more with keys told apart by comparing rows where they outgrew the memory.
template <typename Work>
auto with_room_for_keys(LiveRun& run, Work&& work) -> decltype(work()) {
  auto done = work();
  if (done.ok() || run.compares_keys || !run.session->keys_outgrew()) return done;
  if (!may_compare_keys(run)) return done;
  run.compares_keys = true;
  TRY(reopen_sources(run));
  return work();
}

}  // namespace

Result<SliceReport> run_slice(LiveRun& run, SliceOrder& order) {
  const bool compared_before = run.compares_keys;
  TRY(auto report, with_room_for_keys(run, [&] { return SliceWork(run, order).execute(); }));
  if (run.compares_keys && !compared_before) {
    report.warnings.push_back(
        "the keys of the checks took more than half of the memory: read again, and told apart on "
        "disk, which takes longer");
  }
  return report;
}

Result<std::vector<WouldPublish>> diff_slice(LiveRun& run, SliceOrder order) {
  return with_room_for_keys(run, [&] { return SliceWork(run, order).diff(); });
}

Result<SliceReport> look_slice(LiveRun& run, SliceOrder order, const std::string& dataset,
                               const StageTarget& into, QuarantineSpool* aside) {
  return with_room_for_keys(run, [&] {
    if (aside != nullptr) aside->clear();
    return SliceWork(run, order).look(dataset, into, aside);
  });
}

}  // namespace leat::run
