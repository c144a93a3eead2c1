#include "run/recovery.hpp"

#include <algorithm>

#include "run/drop_stage.hpp"
#include "run/held.hpp"
#include "run/lost_history.hpp"
#include "run/steps.hpp"

namespace leat::run {
namespace {

Status remove_segments(LiveRun& run, const Uuid& publish_id) {
  auto& files = *run.services.files;
  const auto all = run.plan.artifacts / "quarantine" / run.plan.pipeline;
  if (!files.exists(all)) return {};
  TRY(const auto folders, files.list_folders(all));
  for (const auto& folder : folders) {
    TRY(files.remove(segment_path(run.plan, folder.filename().string(), publish_id)));
  }
  return {};
}

/// Are the rows that it set aside those of another publish of its run, too? One segment has them
/// for all sinks, by the name of the first. `settled`: what has become of those that were planned.
Result<bool> is_listed_by_another(LiveRun& run, const std::vector<state::PublishRecord>& settled,
                                  const state::PublishRecord& record) {
  const auto segment = record.publish_id.text() + ".parquet";
  const auto lists = [&](const state::PublishRecord& other) {
    if (other.publish_id == record.publish_id) return false;
    const bool stands = other.status == state::PublishStatus::committed ||
                        other.status == state::PublishStatus::held;
    return stands && other.receipt.find(segment) != other.receipt.npos;
  };
  const auto may_list = [&](const state::PublishRecord& other) {
    return other.status == state::PublishStatus::planned && other.run_id == record.run_id;
  };
  TRY(const auto of_run, run.services.store->publishes_of(record.run_id));
  return std::any_of(of_run.begin(), of_run.end(), lists) ||
         std::any_of(settled.begin(), settled.end(), lists) ||
         std::any_of(settled.begin(), settled.end(), may_list);
}

/// A kill between holding the stage and saying so leaves a held publish that is whole.
Result<bool> settle_as_held(LiveRun& run, state::PublishRecord& record) {
  const auto folder = held_folder(run.plan.artifacts, record.publish_id);
  if (!run.services.files->exists(folder / "held.json")) {
    [[maybe_unused]] const auto removed = remove_held(*run.services.files, folder);
    return false;
  }
  TRY(const auto held, read_held(*run.services.files, folder));
  record.status = state::PublishStatus::held;
  record.receipt = to_json(held.receipt);
  record.held_file = held.rows.string();
  return true;
}

/// A sink that this run leaves out is not open: the next run that has it settles it.
bool is_left_out(const LiveRun& run, const state::PublishRecord& record) {
  const auto& names = run.plan.left_out;
  return std::find(names.begin(), names.end(), record.lane.sink) != names.end();
}

/// Another interval's publish may be under way: only what its ledger tells is known of it here.
bool is_of_other_interval(const LiveRun& run, const state::PublishRecord& record) {
  const auto* sink = run.plan.sink(record.lane.sink);
  return sink != nullptr && sink->by_interval && record.lane != run.lane_of(sink->name);
}

Status settle(LiveRun& run, state::PublishRecord& record) {
  if (is_left_out(run, record)) return {};
  if (is_of_other_interval(run, record)) {
    TRY(const auto there, run.sinks.at(record.lane.sink)->find(record.publish_id));
    if (!there) return {};
    record.status = state::PublishStatus::committed;
    record.receipt = to_json(*there);
    return {};
  }
  const auto sink = run.sinks.find(record.lane.sink);
  if (sink == run.sinks.end()) {
    if (goes_on(*run.services.files, run.plan, record.run_id)) return {};
    drop_stage(run, record);
    record.status = state::PublishStatus::discarded;
    return {};
  }
  TRY(const auto receipt, sink->second->find(record.publish_id));
  if (receipt) {
    record.status = state::PublishStatus::committed;
    record.receipt = to_json(*receipt);
    drop_stage(run, record);
    return {};
  }
  TRY(const bool held, settle_as_held(run, record));
  if (held) return {};
  drop_stage(run, record);
  record.status = state::PublishStatus::discarded;
  return {};
}

}  // namespace

Status recover(LiveRun& run) {
  if (auto recalled = recall_publishes(run); !recalled.ok()) {
    return std::move(recalled).error().during("while asking the ledgers for what the history lost");
  }
  TRY(drop_old_stages(run));
  TRY(auto planned,
      run.services.store->publishes(run.plan.pipeline, state::PublishStatus::planned));
  for (auto& record : planned) {
    if (auto settled = settle(run, record); !settled.ok()) {
      return std::move(settled).error().during("while settling publish " +
                                               record.publish_id.text());
    }
  }
  for (const auto& record : planned) {
    const bool is_asked = run.sinks.contains(record.lane.sink);
    if (!is_asked || record.status != state::PublishStatus::discarded) continue;
    TRY(const bool is_listed, is_listed_by_another(run, planned, record));
    if (!is_listed) TRY(remove_segments(run, record.publish_id));
  }
  if (!planned.empty()) {
    TRY(run.services.store->settle(planned));
  }
  return end_crashed_runs(run);
}

}  // namespace leat::run
