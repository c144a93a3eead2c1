#include "run/look_ahead.hpp"

#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "run/held.hpp"
#include "run/live_run.hpp"
#include "run/order.hpp"
#include "run/publish_sink.hpp"
#include "run/sealed_extracts.hpp"
#include "run/target_lanes.hpp"

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

Status look_at_source(LiveRun& run, const plan::SinkNode& node, const SinkStart& start,
                      Ahead& ahead) {
  if (node.growing_source.empty()) {
    ahead.new_rows = "everything is read";
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
  TRY(look_at_source(run, node, start, ahead));
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
