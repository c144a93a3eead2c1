#include "run/drop_stage.hpp"

#include <algorithm>
#include <utility>

namespace leat::run {
namespace {

void say(LiveRun& run, const state::PublishRecord& record, const Error& error) {
  auto said = "what publish " + record.publish_id.text() + " of sink " + record.lane.sink +
              " had staged for " + record.place + " could not be removed: " + error.text() +
              "; nobody reads it, and the next run that has this sink tries again";
  const auto& all = run.said;
  if (std::find(all.begin(), all.end(), said) == all.end()) run.said.push_back(std::move(said));
}

/// The sink that knows where it lies; null: it is not open, or publishes to another target now.
Sink* sink_of(LiveRun& run, const state::PublishRecord& record) {
  const auto sink = run.sinks.find(record.lane.sink);
  const bool is_there = sink != run.sinks.end() && sink->second->place() == record.place;
  return is_there ? sink->second.get() : nullptr;
}

}  // namespace

void drop_stage(LiveRun& run, state::PublishRecord& record) {
  record.leaves_stage = true;
  auto* sink = sink_of(run, record);
  if (sink == nullptr) return;
  const auto dropped = sink->discard(record.publish_id);
  record.leaves_stage = !dropped.ok();
  if (!dropped.ok()) say(run, record, dropped.error());
}

Status drop_old_stages(LiveRun& run) {
  auto& store = *run.services.store;
  TRY(auto records, store.publishes_with_stage(run.plan.pipeline));
  for (auto& record : records) {
    if (goes_on(*run.services.files, run.plan, record.run_id)) continue;
    drop_stage(run, record);
    if (!record.leaves_stage) TRY(store.note_stage_removed(record.publish_id));
  }
  return {};
}

}  // namespace leat::run
