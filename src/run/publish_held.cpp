#include "run/publish_held.hpp"

#include "run/change_limits.hpp"
#include "run/drop_stage.hpp"
#include "run/live_run.hpp"
#include "run/replay_plan.hpp"
#include "run/target_lanes.hpp"
#include "run/target_place.hpp"

namespace leat::run {
namespace {

Error stale(const Held& held, const Head& now) {
  return Error(Fault::external,
               "the held publish is stale: " + held.receipt.lane.sink + " has been published since")
      .with("held_after", held.receipt.previous_publish_id.text())
      .with("published_since", now.publish_id.text())
      .refused()
      .hint("nothing was changed; `leat discard " + held.receipt.publish_id.text() +
            "` and run again");
}

Status note_published(const RunServices& services, const Held& held, const Receipt& receipt) {
  auto record = record_of(held, state::PublishStatus::committed);
  record.receipt = to_json(receipt);
  return services.store->settle({record});
}

Result<const plan::SinkNode*> find_sink(const plan::Plan& plan, const Held& held) {
  if (const auto* node = plan.sink(held.receipt.lane.sink)) return node;
  return Error(Fault::config, "the pipeline has no sink `" + held.receipt.lane.sink + "` any more")
      .with("file", plan.file.string());
}

Error changed(const Held& held, const std::string& what) {
  return Error(Fault::config, what + " since these rows were held")
      .refused()
      .hint("nothing was changed; put it back, or `leat discard " + held.receipt.publish_id.text() +
            "` and run again");
}

/// The held rows are those of the receipt, and go where they were meant to.
Status require_unchanged(LiveRun& run, const plan::SinkNode& node, const Held& held) {
  const auto& receipt = held.receipt;
  if (!is_at(*run.sinks.at(node.name), held.place, run.plan.root)) {
    return changed(held, "sink `" + node.name + "` publishes to another place");
  }
  if (name_of(node.strategy) != receipt.strategy) {
    return changed(held, "sink `" + node.name + "` has another strategy");
  }
  if (held_columns(run.plan, node.from) != held.columns) {
    return changed(held, "the columns of `" + node.from + "` have changed");
  }
  TRY(const auto digest, io::sha256_of_file(*run.services.files, held.rows));
  if (digest != held.rows_digest) {
    return changed(held, "somebody has changed " + held.rows.string());
  }
  return {};
}

/// Rows of the quarantine join what stood there when they came back.
Result<OthersSeen> require_free_for_replay(LiveRun& run, const plan::SinkNode& node,
                                           const Held& held, const Receipt& receipt) {
  auto& sink = *run.sinks.at(node.name);
  if (minds_newer(*run.plan.sink(node.name))) {
    TRY(const auto main, sink.head(run.lane_of(node.name)));
    if (main.publish_id != receipt.replay->after) return stale(held, main);
  }
  TRY(const auto tips, sink.tips(receipt.lane, Reach::newer));
  std::vector<Uuid> seen;
  for (const auto& other : tips.newer) seen.push_back(other.publish_id);
  return OthersSeen(std::move(seen));
}

/// The sink as it was when the rows were held.
plan::SinkNode held_sink(const plan::SinkNode& node, const Receipt& receipt) {
  if (!receipt.replay) return node;
  return as_replayed(node).value_or(node);
}

/// The plan by which the held rows join the target as it is now.
Result<PublishPlan> plan_held(LiveRun& run, const plan::SinkNode& named, const Held& held) {
  const auto& receipt = held.receipt;
  const auto node = held_sink(named, receipt);
  auto& sink = *run.sinks.at(node.name);
  TRY(const auto head, sink.head(held.receipt.lane));
  if (head.publish_id != receipt.previous_publish_id) return stale(held, head);
  TRY(require_unchanged(run, node, held));
  auto free = receipt.replay ? require_free_for_replay(run, node, held, receipt)
                             : require_free(run, node, receipt);
  TRY(auto others, std::move(free));
  return PublishPlan{receipt.publish_id,         receipt.lane, node.strategy,
                     run.plan.schema(node.from), node.options, std::move(others)};
}

Status adopt_held(Sink& sink, const PublishPlan& plan, const Held& held) {
  TRY(const auto staged, sink.adopt(plan, held.rows));
  if (staged.rows == held.receipt.rows_published) return {};
  return Error(Fault::internal, "the held rows are not those that were held")
      .with("rows", std::to_string(staged.rows))
      .with("expected", std::to_string(held.receipt.rows_published));
}

Status commit_held(LiveRun& run, const plan::SinkNode& node, const Held& held, Receipt& receipt) {
  auto& sink = *run.sinks.at(node.name);
  TRY(const auto plan, plan_held(run, node, held));
  TRY(adopt_held(sink, plan, held));
  TRY(run.workspace->require_lease());
  receipt.committed_at = run.services.clock->now();
  TRY(receipt.changes, sink.commit(receipt));
  return {};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> held_columns(const plan::Plan& plan,
                                                              const std::string& dataset) {
  std::vector<std::pair<std::string, std::string>> columns;
  for (const auto& column : plan.schema(dataset).columns) {
    columns.emplace_back(column.name, data::sql_of(column.type));
  }
  return columns;
}

Result<PublishedHeld> publish_held(const plan::Plan& plan, const Held& held,
                                   const RunServices& services) {
  TRY(const auto* node, find_sink(plan, held));
  const RunOptions options;
  TRY(auto run, open_run(plan, options, services, make_uuid7(*services.clock)));
  auto& sink = *run->sinks.at(node->name);
  auto receipt = held.receipt;
  TRY(auto earlier, sink.find(receipt.publish_id));
  if (earlier) {
    receipt = std::move(*earlier);
  } else {
    TRY(commit_held(*run, *node, held, receipt));
  }
  TRY(note_published(services, held, receipt));
  if (auto removed = remove_held(*services.files, held.folder); !removed.ok()) {
    return std::move(removed).error().during("after its rows were published");
  }
  return PublishedHeld{receipt, sink.place(), sink.how_to_look()};
}

Result<HeldDifference> diff_held(const plan::Plan& plan, const Held& held,
                                 const RunServices& services) {
  TRY(const auto* node, find_sink(plan, held));
  if (!is_comparable(*node)) {
    return Error(Fault::config,
                 "what `" + node->connector + "` publishes cannot be compared with what is there");
  }
  TRY(auto run, open_run(plan, {}, services, make_uuid7(*services.clock)));
  auto& sink = *run->sinks.at(node->name);
  TRY(auto publish, plan_held(*run, *node, held));
  HeldDifference out{{}, sink.place(), false};
  publish.measures_columns = true;
  publish.judge = [&](const Difference& found) -> Status {
    out.difference = found;
    out.is_known = true;
    return Error(Fault::data, "only looked at").refused();
  };
  auto receipt = held.receipt;
  receipt.committed_at = services.clock->now();
  const auto done = [&]() -> Result<RowChanges> {
    TRY(adopt_held(sink, publish, held));
    return sink.commit(receipt);
  }();
  // What stays is removed by whoever decides about these rows.
  [[maybe_unused]] const auto dropped = sink.discard(receipt.publish_id);
  if (out.is_known) return out;
  if (!done.ok()) return done.error();
  return Error(Fault::internal, "a publish was made where it was only to be looked at");
}

Result<std::vector<std::string>> discard_held(const plan::Plan* plan, const Held& held,
                                              const RunServices& services) {
  auto record = record_of(held, state::PublishStatus::discarded);
  record.leaves_stage = true;  // Of a `leat publish` that was ended, or failed.
  std::vector<std::string> said;
  if (plan != nullptr && plan->sink(held.receipt.lane.sink) != nullptr) {
    TRY(auto run, open_run(*plan, {}, services, make_uuid7(*services.clock)));
    TRY(const auto published, run->sinks.at(held.receipt.lane.sink)->find(held.receipt.publish_id));
    if (published) {
      TRY(note_published(services, held, *published));
      TRY(remove_held(*services.files, held.folder));
      return Error(Fault::external,
                   "these rows are published already: a `leat publish` was ended "
                   "before it could say so")
          .with("publish_id", held.receipt.publish_id.text())
          .refused()
          .hint("nothing waits any more; to undo it, correct the source and run again");
    }
    drop_stage(*run, record);
    for (auto& one : run->said) said.push_back(plan->hidden.out_of(std::move(one)));
  }
  TRY(services.store->settle({record}));
  TRY(remove_held(*services.files, held.folder));
  return said;
}

}  // namespace leat::run
