#include "run/drop_stage.hpp"

#include <utility>

namespace leat::run {
namespace {

void say_what_stays(LiveRun& run, const state::PublishRecord& record, const Error& error) {
  run.said.push_back("what publish " + record.publish_id.text() + " of sink " + record.lane.sink +
                     " had staged could not be removed: " + error.text() +
                     "; no row of it is published, and the next run tries again");
}

}  // namespace

void drop_stage(LiveRun& run, Sink& sink, state::PublishRecord& record) {
  const auto dropped = sink.discard(record.publish_id);
  record.leaves_stage = !dropped.ok();
  if (record.leaves_stage) say_what_stays(run, record, dropped.error());
}

Status drop_old_stages(LiveRun& run) {
  auto& store = *run.services.store;
  TRY(const auto records, store.publishes_with_stage(run.plan.pipeline));
  for (const auto& record : records) {
    const auto sink = run.sinks.find(record.lane.sink);
    if (sink == run.sinks.end()) continue;
    if (const auto dropped = sink->second->discard(record.publish_id); !dropped.ok()) {
      say_what_stays(run, record, dropped.error());
      continue;
    }
    TRY(store.note_stage_removed(record.publish_id));
  }
  return {};
}

}  // namespace leat::run
