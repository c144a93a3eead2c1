#include "run/look_ahead.hpp"

#include <algorithm>

#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "run/held.hpp"
#include "run/live_run.hpp"
#include "run/order.hpp"
#include "run/publish_sink.hpp"
#include "run/read_inputs.hpp"
#include "run/sealed_extracts.hpp"
#include "run/target_lanes.hpp"
#include "run/target_place.hpp"

namespace leat::run {
namespace {

/// What the strategy does to rows that are there.
std::string replaced_by(const plan::SinkNode& sink, const std::optional<Receipt>& last) {
  switch (sink.strategy) {
    case Strategy::replace:
      if (!last) return "";
      return "all of its " + counted(last->rows_published, "row") + " of " +
             format_instant(last->committed_at).substr(0, 19) + "Z";
    case Strategy::merge: return "rows with the keys that come";
    case Strategy::delete_insert: return "rows with the values of `by` that come";
    case Strategy::append:
    case Strategy::scd2: return "";
  }
  return "";
}

/// Does its position tell whether it is as it was? The mark of a cursor does not: it passes over
/// rows that were changed below it.
bool tells_change(const Input& input) {
  switch (input.kind) {
    case Input::Kind::file: return input.mtime_ns != 0;
    case Input::Kind::table: return !input.state.empty() && !input.state.starts_with("[{");
    case Input::Kind::sequence:
    case Input::Kind::state: return true;
  }
  return false;
}

/// Does a source hold just what it held when it was read up to a position?
Result<bool> is_unchanged(LiveRun& run, const plan::SourceNode& node, const Position& then) {
  if (node.spec->replay() == Replay::none || node.items || then.is_start()) return false;
  TRY(const auto slice, run.sources.at(node.name)->next_slice(Position{}, SliceLimits{}));
  if (!slice) return false;
  const auto before = inputs_of(run, then);
  const auto now = inputs_of(run, slice->after);
  return !now.empty() && std::all_of(now.begin(), now.end(), tells_change) &&
         inputs_between(before, now).empty() && inputs_between(now, before).empty();
}

/// What a program does, and what a condition asks, no receipt tells.
bool is_told_by_receipt(const plan::Plan& plan, const plan::SinkNode& sink) {
  const auto has_condition = [](const plan::Condition& when) { return !when.sql.empty(); };
  if (has_condition(sink.when)) return false;
  return std::none_of(sink.upstream.begin(), sink.upstream.end(), [&](const std::string& name) {
    const auto* model = plan.model(name);
    if (model != nullptr) return model->step || has_condition(model->when);
    return has_condition(plan.source(name)->when);
  });
}

/// Would a run publish again just the rows that its last publish left there?
Result<bool> is_as_published(LiveRun& run, const plan::SinkNode& node, const Receipt& last) {
  if (node.strategy != Strategy::replace || !is_told_by_receipt(run.plan, node) ||
      last.strategy != name_of(node.strategy) || last.pipeline_version != run.plan.version ||
      last.leat_version != run.services.leat_version) {
    return false;
  }
  TRY(const auto replayed,
      run.sinks.at(node.name)->last_receipt({run.plan.pipeline, node.name, kReplayLane}));
  if (replayed && replayed->replay && replayed->replay->after == last.publish_id) return false;
  for (const auto& source : run.plan.sources) {
    if (!plan::Plan::needs(node, source.name)) continue;
    const auto then = last.position.find(source.name);
    if (then == last.position.end()) return false;
    TRY(const bool same, is_unchanged(run, source, then->second));
    if (!same) return false;
  }
  return true;
}

Status look_at_source(LiveRun& run, const plan::SinkNode& node, const SinkStart& start,
                      const std::optional<Receipt>& last, Ahead& ahead) {
  if (node.growing_source.empty()) {
    ahead.new_rows = "everything is read";
    if (!last) return {};
    TRY(const bool is_same, is_as_published(run, node, *last));
    if (!is_same) return {};
    ahead.is_pending = false;
    ahead.new_rows = "nothing has changed since its last publish";
    return {};
  }
  const auto source = run.sources.find(node.growing_source);
  if (source == run.sources.end()) return {};
  SliceLimits limits;
  limits.to_go_on = true;
  TRY(const auto slice, source->second->next_slice(start.position, limits));
  ahead.is_pending = slice.has_value();
  ahead.new_rows = slice ? slice->description : "nothing is new in " + node.growing_source;
  for (auto& said : source->second->take_warnings()) ahead.new_rows += "; " + said;
  return {};
}

/// What is held for the sink waits for somebody, or makes room for a newer one.
Status look_at_held(const LiveRun& run, const plan::SinkNode& node, Ahead& ahead) {
  TRY(const auto all, list_held(*run.services.files, run.plan.artifacts));
  for (const auto& held : all) {
    if (held.receipt.lane != run.lane_of(node.name)) continue;
    if (!is_at(*run.sinks.at(node.name), held.place, run.plan.root)) continue;
    if (blocks_when_held(run.plan, node)) return waits_for_decision(held);
    ahead.replaces += (ahead.replaces.empty() ? "" : ", and ") + std::string("what is held for it");
  }
  return {};
}

Status look_at_sink(LiveRun& run, const plan::SinkNode& node, Ahead& ahead) {
  auto context = build_context(run);
  context.lane = run.lane_of(node.name);
  TRY(run.sinks[node.name], node.spec->build(context));
  TRY(const auto last, run.sinks.at(node.name)->last_receipt(context.lane));
  TRY(const auto start, start_of(run, node));
  TRY(look_at_source(run, node, start, last, ahead));
  if (last) {
    for (const auto& change : changes_between(last->columns, columns_under(run.plan, node))) {
      ahead.changes.push_back(change.dataset + ": " + plan::describe(change));
    }
  }
  if (!ahead.is_pending) return {};
  for (const auto& said : look_at_extracts(run, node)) ahead.new_rows += "; " + said;
  ahead.replaces = replaced_by(node, last);
  TRY(look_at_held(run, node, ahead));
  if (last) ahead.rows_expected = last->rows_published;
  return {};
}

}  // namespace

Result<std::vector<Ahead>> look_ahead(const plan::Plan& plan, const RunOptions& options,
                                      const RunServices& services) {
  TRY(auto run, open_look(plan, options, services, make_uuid7(*services.clock)));
  std::vector<Ahead> out;
  for (const auto& node : plan.sinks) {
    if (node.by_interval) continue;
    Ahead ahead;
    ahead.sink = node.name;
    if (auto looked = look_at_sink(*run, node, ahead); !looked.ok()) {
      ahead.trouble = looked.error().text();
    }
    out.push_back(std::move(ahead));
  }
  return out;
}

}  // namespace leat::run
