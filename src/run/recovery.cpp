#include "run/recovery.hpp"

#include <algorithm>

#include "run/drop_stage.hpp"
#include "run/held.hpp"
#include "run/lost_history.hpp"
#include "run/publish_sink.hpp"
#include "run/steps.hpp"

namespace leat::run {
namespace {

namespace fs = std::filesystem;

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

/// Rows that came but once, and that a kill kept from being held.
bool is_only_copy(const LiveRun& run, const state::PublishRecord& record, const fs::path& folder) {
  const auto* node = run.plan.sink(record.lane.sink);
  return node != nullptr && is_read_once(run.plan, *node) &&
         has_held_rows(*run.services.files, folder);
}

/// A kill between holding the stage and saying so leaves a held publish that is whole. False: it is
/// not held.
Result<bool> settle_as_held(LiveRun& run, state::PublishRecord& record) {
  const auto folder = held_folder(run.plan.artifacts, record.publish_id);
  const bool is_held = run.services.files->exists(folder / "held.json");
  if (!is_held && is_only_copy(run, record, folder)) {
    run.said.push_back(
        "rows that could be read only once were about to be held when a run was "
        "killed: they stay in " +
        folder.string());
    record.status = state::PublishStatus::failed;  // So that its bad rows stay as well.
    return true;
  }
  if (!is_held) {
    [[maybe_unused]] const auto removed = remove_held(*run.services.files, folder);
    return false;
  }
  TRY(const auto held, read_held(*run.services.files, folder));
  record.status = state::PublishStatus::held;
  record.receipt = to_json(held.receipt);
  record.held_file = held.rows.string();
  return true;
}

/// Another interval's publish: only what its ledger tells is known of it here.
bool is_of_other_interval(const LiveRun& run, const state::PublishRecord& record) {
  const auto* sink = run.plan.sink(record.lane.sink);
  return sink->by_interval && record.lane != run.lane_of(sink->name);
}

/// What is not known stays planned: whoever has the sink again, there, settles it.
Status settle(LiveRun& run, state::PublishRecord& record) {
  auto* sink = sink_there(run, record);
  if (sink == nullptr) return {};
  if (record.lane != run.lane_of(record.lane.sink)) {
    TRY(const bool under_way, is_under_way(run, record.run_id));
    if (under_way) return {};
  }
  TRY(const auto receipt, sink->find(record.publish_id));
  if (receipt) {
    record.status = state::PublishStatus::committed;
    record.receipt = to_json(*receipt);
    if (!is_of_other_interval(run, record)) drop_stage(run, record);
    return {};
  }
  if (is_of_other_interval(run, record)) return {};
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
  std::vector<state::PublishRecord> settled;
  for (auto& record : planned) {
    if (auto done = settle(run, record); !done.ok()) {
      return std::move(done).error().during("while settling publish " + record.publish_id.text());
    }
    // Of the others somebody may tell the store meanwhile.
    if (record.status != state::PublishStatus::planned) settled.push_back(record);
  }
  for (const auto& record : settled) {
    if (record.status != state::PublishStatus::discarded) continue;
    TRY(const bool is_listed, is_listed_by_another(run, planned, record));
    if (!is_listed) TRY(remove_segments(run, record.publish_id));
  }
  if (!settled.empty()) TRY(run.services.store->settle(settled));
  return end_crashed_runs(run);
}

}  // namespace leat::run
