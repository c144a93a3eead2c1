#include "run/order.hpp"

#include <algorithm>

#include "base/crash_point.hpp"
#include "run/on_error.hpp"
#include "run/sealed_extracts.hpp"
#include "run/skips.hpp"
#include "run/target_lanes.hpp"

namespace leat::run {
namespace {

Result<Slice> whole(LiveRun& run, const std::string& source) {
  const auto& read = stand_in(run, *run.plan.source(source)).name;
  SliceLimits limits;
  limits.to_go_on = run.plan.is_full_refresh;
  auto slice = run.sources.at(read)->next_slice(Position{}, limits);
  if (const auto parts = run.parts.find(read); parts != run.parts.end()) {
    for (auto& said : parts->second->take_said()) run.said.push_back(std::move(said));
    for (auto& said : run.sources.at(read)->take_warnings()) run.said.push_back(std::move(said));
  }
  if (!slice.ok()) {
    note_failed(run, source, slice.error());
    return std::move(slice).error();
  }
  if (slice.value()) return std::move(*slice.value());
  return Error(Fault::internal, "source " + source + " has no first slice");
}

/// What has been published to the lane since the run looked where it stands has rows of this slice.
Result<Head> head_of(LiveRun& run, const std::string& name) {
  auto& sink = *run.sinks.at(name);
  const auto lane = run.lane_of(name);
  stop_point("publish.head.before");
  TRY(const auto head, sink.head(lane));
  if (head.publish_id == run.starts.at(name).head) return head;
  TRY(const auto last, sink.last_receipt(lane));
  return moved_on(sink.place(), last);
}

}  // namespace

Result<std::vector<SinkGroup>> group_sinks(LiveRun& run) {
  std::vector<SinkGroup> groups;
  for (const auto& node : run.plan.sinks) {
    if (skipped_below(run, node)) continue;
    if (node.when.needs.empty()) {
      TRY(const bool part, holds(*run.session, node.when, node.name));
      if (!part) continue;
    }
    auto start = start_of(run, node);
    if (!start.ok()) return std::move(start).error().during("while opening " + node.name);
    if (start->is_published_meanwhile) {
      run.published_meanwhile.insert(node.name);
      continue;
    }
    run.starts[node.name] = start.value();
    const auto& position = start->position;
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const SinkGroup& group) {
      return group.growing_source == node.growing_source && group.from == position;
    });
    if (same != groups.end()) {
      same->sinks.push_back(node.name);
    } else {
      groups.push_back({{node.name}, node.growing_source, position});
    }
  }
  return groups;
}

Result<std::optional<SliceOrder>> next_order(LiveRun& run, const SinkGroup& group) {
  if (group.done) return std::optional<SliceOrder>();
  SliceOrder order;
  for (const auto& name : group.sinks) {
    if (!skipped_below(run, *run.plan.sink(name))) order.sinks.push_back(name);
  }
  if (order.sinks.empty()) return std::optional<SliceOrder>();
  for (const auto& name : order.sinks) {
    TRY(look_again(run, *run.plan.sink(name), group.from));
    TRY(order.heads[name], head_of(run, name));
  }
  begin_extracts(run, order.heads);
  if (!group.growing_source.empty()) {
    auto limits = run.plan.slice;
    limits.to_go_on = true;
    auto& source = *run.sources.at(group.growing_source);
    auto slice = source.next_slice(group.from, limits);
    for (auto& said : source.take_warnings()) run.said.push_back(std::move(said));
    if (!slice.ok()) {
      note_failed(run, group.growing_source, slice.error());
      return std::move(slice).error().during("while looking for new rows of " +
                                             group.growing_source);
    }
    if (!slice.value()) return std::optional<SliceOrder>();
    order.slices[group.growing_source] = std::move(*slice.value());
  }
  for (const auto& name : order.sinks) {
    for (const auto& source : run.plan.sources) {
      const auto& node = source.name;
      if (!plan::Plan::needs(*run.plan.sink(name), node) || order.slices.contains(node)) continue;
      if (skipped(run, node)) continue;
      auto slice = whole(run, node);
      if (!slice.ok()) return std::move(slice).error().during("while opening source " + node);
      order.slices[node] = std::move(slice).value();
    }
  }
  return std::optional<SliceOrder>(std::move(order));
}

bool advance(SinkGroup& group, const SliceOrder& order) {
  if (group.growing_source.empty()) {
    group.done = true;
    return false;
  }
  const auto& slice = order.slices.at(group.growing_source);
  group.from = slice.after;
  return slice.more;
}

bool blocks_when_held(const plan::Plan& plan, const plan::SinkNode& sink) {
  if (plan.policy.on_held) return *plan.policy.on_held == plan::Policy::Held::block;
  return !sink.growing_source.empty();
}

}  // namespace leat::run
