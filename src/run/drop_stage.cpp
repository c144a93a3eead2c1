#include "run/drop_stage.hpp"

#include <algorithm>
#include <utility>

#include "run/target_place.hpp"

namespace leat::run {
namespace {

void say(LiveRun& run, const state::PublishRecord& record, const Error& error) {
  auto said = "what publish " + record.publish_id.text() + " of sink " + record.lane.sink +
              " had staged" + (record.place.empty() ? "" : " for " + record.place) +
              " could not be removed: " + error.text() +
              "; nobody reads it, and the next run that has this sink tries again";
  const auto& all = run.said;
  if (std::find(all.begin(), all.end(), said) != all.end()) return;
  if (run.log) run.log->line("warn", said);
  run.said.push_back(std::move(said));
}

/// A publish that nobody could ask the target about may have happened.
Status settle_old(LiveRun& run, Sink& sink, state::PublishRecord& record) {
  auto& store = *run.services.store;
  TRY(const auto receipt, sink.find(record.publish_id));
  drop_stage(run, record);
  if (receipt && record.status != state::PublishStatus::committed) {
    record.status = state::PublishStatus::committed;
    record.receipt = to_json(*receipt);
    return store.settle({record});
  }
  return record.leaves_stage ? Status() : store.note_stage_removed(record.publish_id);
}

}  // namespace

Sink* sink_there(LiveRun& run, const state::PublishRecord& record) {
  const auto sink = run.sinks.find(record.lane.sink);
  if (sink == run.sinks.end()) return nullptr;
  return is_at(*sink->second, record.place, run.plan.root) ? sink->second.get() : nullptr;
}

void drop_stage(LiveRun& run, state::PublishRecord& record) {
  record.leaves_stage = true;
  auto* sink = sink_there(run, record);
  if (sink == nullptr) return;
  const auto dropped = sink->discard(record.publish_id);
  record.leaves_stage = !dropped.ok();
  if (!dropped.ok()) say(run, record, dropped.error());
}

Status drop_old_stages(LiveRun& run) {
  TRY(auto records, run.services.store->publishes_with_stage(run.plan.pipeline));
  for (auto& record : records) {
    auto* sink = sink_there(run, record);
    if (sink == nullptr) continue;
    TRY(const bool under_way, is_under_way(run, record.run_id));
    if (!under_way) TRY(settle_old(run, *sink, record));
  }
  return {};
}

}  // namespace leat::run
