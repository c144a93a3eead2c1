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

/// Is there another way to do what has failed? Each is taken once, and from then on.
bool takes_other_way(LiveRun& run) {
  if (!run.compares_keys && run.session->keys_outgrew() && may_compare_keys(run)) {
    return run.compares_keys = true;
  }
  const bool wants_rows =
      run.wants_rows || std::any_of(run.sinks.begin(), run.sinks.end(), [](const auto& sink) {
        return sink.second->wants_rows_kept();
      });
  return !run.keeps_rows && wants_rows && (run.keeps_rows = true);
}

/// Does `work`, and again where what made it fail can be gone around: keys that outgrew the memory
/// are told apart by comparing rows, and rows that a target refuses are found among those kept.
template <typename Work>
auto with_other_ways(LiveRun& run, Work&& work) -> decltype(work()) {
  for (;;) {
    auto done = work();
    if (done.ok() || !takes_other_way(run)) return done;
    TRY(reopen_sources(run));
  }
}

}  // namespace

Result<SliceReport> run_slice(LiveRun& run, SliceOrder& order) {
  const bool compared_before = run.compares_keys;
  const bool kept_before = run.keeps_rows;
  TRY(auto report, with_other_ways(run, [&] { return SliceWork(run, order).execute(); }));
  if (run.compares_keys && !compared_before) {
    report.warnings.push_back(
        "the keys of the checks took more than half of the memory: read again, and told apart on "
        "disk, which takes longer");
  }
  if (run.keeps_rows && !kept_before) {
    report.warnings.push_back(
        "with `checks: none` the rows were not kept, and some are refused or held: read again");
  }
  return report;
}

Result<std::vector<WouldPublish>> diff_slice(LiveRun& run, SliceOrder order) {
  return with_other_ways(run, [&] { return SliceWork(run, order).diff(); });
}

Result<SliceReport> look_slice(LiveRun& run, SliceOrder order, const std::string& dataset,
                               const StageTarget& into, QuarantineSpool* aside) {
  return with_other_ways(run, [&] {
    if (aside != nullptr) aside->clear();
    return SliceWork(run, order).look(dataset, into, aside);
  });
}

}  // namespace leat::run
