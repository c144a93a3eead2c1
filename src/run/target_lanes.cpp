#include "run/target_lanes.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "run/read_inputs.hpp"

namespace leat::run {
namespace {

/// "`p.out`", or "`out`" where it is of the same pipeline: what `takes_over` calls it.
std::string called(const LiveRun& run, const Lane& lane) {
  return lane.pipeline == run.plan.pipeline ? lane.sink : lane.pipeline + "." + lane.sink;
}

/// "sink `out` of pipeline `p`".
std::string named(const Lane& lane) {
  return "sink `" + lane.sink + "` of pipeline `" + lane.pipeline + "`";
}

/// One sink before its target.
struct Standing {
  LiveRun& run;
  const plan::SinkNode& node;
  LaneTips tips;
  /// Publishes that it goes on from: its own last one, and that of the sink whose place it takes.
  std::vector<Receipt> behind = {};
  const Receipt* held = nullptr;  ///< What waits to be published; null: a run.

  bool appends() const { return node.strategy == Strategy::append; }
};

/// What to type next.
std::string way_out(const Standing& place, const Receipt& other) {
  if (place.held != nullptr) {
    return "nothing was changed; `leat discard " + place.held->publish_id.text() +
           "` and run again";
  }
  std::string hint = "nothing was changed; name another target";
  const bool is_of_this = other.lane.pipeline == place.run.plan.pipeline &&
                          place.run.plan.sink(other.lane.sink) != nullptr;
  if (!is_of_this) {
    hint += ", or write `takes_over: " + called(place.run, other.lane) + "` to go on in its place";
  }
  if (place.node.strategy != Strategy::replace) {
    hint += ", or `shared: true` at both where both are meant to publish to it";
  }
  return hint;
}

Error refusal(const Standing& place, const Receipt& other, const std::string& what) {
  const auto& node = place.node;
  return Error(Fault::config, place.run.sinks.at(node.name)->place() + " " + what)
      .with("sink", node.name)
      .with("strategy", std::string(name_of(node.strategy)))
      .with("publish", other.publish_id.text())
      .with("at", format_instant(other.committed_at))
      .refused()
      .hint(way_out(place, other));
}

/// What was appended once of an interval cannot be told from the rest.
Error is_there(const Standing& place) {
  const auto& own = *place.tips.own;
  return Error(Fault::config, "interval " + place.run.plan.interval->name +
                                  " is published, and an append cannot replace its rows")
      .with("sink", place.node.name)
      .with("publish", own.publish_id.text())
      .refused()
      .hint(
          "nothing was changed; use `strategy: delete_insert` with `by`, or `merge`, to run "
          "intervals again");
}

Error holds(const Standing& place, const Receipt& other) {
  return refusal(place, other, "holds what " + named(other.lane) + " published");
}

/// Nobody has taken the place of one that this sink goes on from.
Status require_no_heir(const Standing& place) {
  for (const auto& heir : place.tips.newer) {
    for (const auto& before : place.behind) {
      if (heir.took_over != before.publish_id) continue;
      return refusal(place, heir,
                     "holds what " + named(heir.lane) +
                         " published, which has taken the place of " + named(before.lane));
    }
  }
  return {};
}

/// What was there before a `replace` is there no more.
void leave_out_replaced(LaneTips& tips) {
  const auto replaces = [](const Receipt& receipt) { return receipt.strategy == "replace"; };
  const auto cut = [&](std::vector<Receipt>& receipts) {
    const auto found = std::find_if(receipts.begin(), receipts.end(), replaces);
    if (found == receipts.end()) return false;
    receipts.erase(found + 1, receipts.end());
    return true;
  };
  if (cut(tips.newer) || (tips.own && replaces(*tips.own))) {
    tips.older.clear();
  } else {
    cut(tips.older);
  }
}

std::vector<Uuid> ids_of(const std::vector<Receipt>& receipts) {
  std::vector<Uuid> ids;
  for (const auto& receipt : receipts) ids.push_back(receipt.publish_id);
  return ids;
}

/// Goes on from one of `newer` too. What is older than that is behind it.
void go_on_from(Standing& place, std::vector<Receipt>::iterator found) {
  auto& tips = place.tips;
  place.behind.push_back(std::move(*found));
  tips.older.insert(tips.older.begin(), found + 1, tips.newer.end());
  tips.newer.erase(found, tips.newer.end());
}

/// Takes the place that `takes_over` names, where somebody has published there since. Whose place a
/// sink has taken stands in all that it publishes.
void take_over(Standing& place, SinkStart& start) {
  if (place.tips.own) start.took_over = place.tips.own->took_over;
  const auto& whose = place.node.takes_over;
  if (!whose) return;
  auto& newer = place.tips.newer;
  const auto is_theirs = [&](const Receipt& other) {
    return is_same_name(other.lane.pipeline, whose->pipeline) &&
           is_same_name(other.lane.sink, whose->sink);
  };
  // Their replays have moved no source on.
  std::erase_if(newer, [&](const auto& other) { return other.replay && is_theirs(other); });
  const auto found = std::find_if(newer.begin(), newer.end(), is_theirs);
  if (found == newer.end()) return;
  start.took_over = found->publish_id;
  go_on_from(place, found);
}

/// What the sink rests on, but for the source that it goes on from.
bool is_lookup(const plan::SinkNode& node, const std::string& source) {
  return std::find(node.upstream.begin(), node.upstream.end(), source) != node.upstream.end();
}

/// Where it goes on from all that is behind it: from its source's own position, and from those of
/// sources that read some of the same. The others stay in `past`.
Result<Position> position_behind(const Standing& place, PositionMap& past) {
  const auto& source = place.node.growing_source;
  std::vector<Position> from;
  std::vector<std::pair<std::string, Position>> others;
  for (const auto& receipt : place.behind) {
    for (const auto& [name, position] : published_positions(receipt)) {
      if (name == source) {
        from.push_back(position);
      } else if (!is_lookup(place.node, name)) {
        others.emplace_back(name, position);
      }
    }
  }
  if (others.empty() || (!place.appends() && !from.empty())) return together(from);
  TRY(auto now, inputs_after(place.run, source, {}));
  const InputIndex there(std::move(now));
  for (const auto& [name, position] : others) {
    const auto inputs = inputs_of(place.run, position);
    if (std::any_of(inputs.begin(), inputs.end(),
                    [&](const Input& input) { return there.find(input) != nullptr; })) {
      from.push_back(position);
    } else {
      past[name] = together({past[name], position});
    }
  }
  return together(from);
}

/// Rows of several sinks may stand beside each other, but not the same ones twice.
Status require_other_rows(const Standing& place, InputIndex& inputs,
                          const std::vector<Receipt>& others) {
  if (inputs.empty()) return {};
  for (const auto& other : others) {
    TRY(const bool same, has_published(place.run, other, inputs));
    if (!same) continue;
    return refusal(
        place, other,
        "already holds rows of the same files, which " + named(other.lane) + " published");
  }
  return {};
}

/// Nobody has published these rows; nor has one who went on in this sink's place since, which is to
/// be seen by rows that this sink has published itself.
Status require_new_rows(const Standing& place, const Position& from, std::vector<Input> rows) {
  if (rows.empty()) return {};
  InputIndex fresh(rows);
  TRY(require_other_rows(place, fresh, place.tips.older));
  auto all = inputs_of(place.run, from);
  all.insert(all.end(), rows.begin(), rows.end());
  InputIndex as_own(std::move(all));
  return require_other_rows(place, as_own, place.tips.newer);
}

bool has_others(const LaneTips& tips) { return !tips.newer.empty() || !tips.older.empty(); }

/// The held publish goes on where it was meant to: from the own one, or from the one whose place it
/// was the first to take.
Status require_place(Standing& place) {
  auto& tips = place.tips;
  const auto& took_over = place.held->took_over;
  const bool is_first = took_over && !(tips.own && tips.own->took_over == took_over);
  if (is_first) {
    const auto found = std::find_if(tips.newer.begin(), tips.newer.end(), [&](const auto& other) {
      return other.publish_id == *took_over;
    });
    if (found != tips.newer.end()) go_on_from(place, found);
  }
  TRY(require_no_heir(place));
  if ((is_first || !place.appends()) && !tips.newer.empty()) {
    return holds(place, tips.newer.front());
  }
  return {};
}

Position all_of(const PositionMap& map) {
  std::vector<Position> positions;
  for (const auto& [source, position] : map) positions.push_back(position);
  return together(positions);
}

/// No row of the held publish has been appended by somebody else.
Status require_not_appended(const Standing& place) {
  if (!has_others(place.tips)) return {};
  std::vector<Position> behind;
  for (const auto& receipt : place.behind) behind.push_back(all_of(published_positions(receipt)));
  const auto from = together(behind);
  const auto to = all_of(published_positions(*place.held));
  return require_new_rows(place, from,
                          inputs_between(inputs_of(place.run, from), inputs_of(place.run, to)));
}

Result<Standing> look_at_target(LiveRun& run, const plan::SinkNode& node, Reach reach) {
  TRY(auto tips, run.sinks.at(node.name)->tips(run.lane_of(node.name), reach));
  Standing place{run, node, std::move(tips)};
  if (place.tips.own) place.behind.push_back(*place.tips.own);
  return place;
}

/// Has another run published the interval of the sink?
bool is_of_another_run(const LiveRun& run, const plan::SinkNode& node, const Uuid& head) {
  if (!node.by_interval || head.is_zero()) return false;
  const auto known = run.starts.find(node.name);
  return known == run.starts.end() || known->second.head != head;
}

}  // namespace

Result<SinkStart> start_of(LiveRun& run, const plan::SinkNode& node) {
  const bool compares = node.strategy == Strategy::append && !node.shared;
  TRY(auto place, look_at_target(run, node, compares ? Reach::all : Reach::newer));
  SinkStart start;
  if (place.tips.own) start.head = place.tips.own->publish_id;
  const bool is_there_already = is_of_another_run(run, node, start.head);
  // It was missing when it was chosen.
  start.is_published_meanwhile = is_there_already && run.options.only_missing;
  if (start.is_published_meanwhile) return start;
  if (is_there_already && place.appends()) return is_there(place);
  start.others = ids_of(place.tips.newer);
  take_over(place, start);
  leave_out_replaced(place.tips);
  if (!node.shared) {
    TRY(require_no_heir(place));
    if (!place.appends() && !place.tips.newer.empty())
      return holds(place, place.tips.newer.front());
  }
  if (node.growing_source.empty() || !run.sources.contains(node.growing_source)) return start;
  TRY(start.position, position_behind(place, start.past));
  if (compares && has_others(place.tips)) {
    TRY(auto rows, inputs_after(run, node.growing_source, start.position));
    TRY(require_new_rows(place, start.position, std::move(rows)));
  }
  return start;
}

Status look_again(LiveRun& run, const plan::SinkNode& node, const Position& from) {
  if (node.shared) return {};
  auto& known = run.starts.at(node.name);
  TRY(const auto tips, run.sinks.at(node.name)->tips(run.lane_of(node.name), Reach::newer));
  const auto is_known = [&](const Receipt& other) {
    return std::find(known.others.begin(), known.others.end(), other.publish_id) !=
           known.others.end();
  };
  if (std::all_of(tips.newer.begin(), tips.newer.end(), is_known)) return {};
  TRY(auto start, start_of(run, node));
  if (start.position != from || start.is_published_meanwhile) {
    return Error(Fault::external,
                 run.sinks.at(node.name)->place() + " has moved on since this run began")
        .refused()
        .hint("what was published stays; run again");
  }
  known = std::move(start);
  return {};
}

Result<OthersSeen> require_free(LiveRun& run, const plan::SinkNode& node, const Receipt& held) {
  if (node.shared) return OthersSeen();
  const bool appends = node.strategy == Strategy::append;
  TRY(auto place, look_at_target(run, node, appends ? Reach::all : Reach::newer));
  place.held = &held;
  OthersSeen seen = ids_of(place.tips.newer);
  TRY(require_place(place));
  leave_out_replaced(place.tips);
  if (appends) TRY(require_not_appended(place));
  return seen;
}

OthersSeen expected_others(const LiveRun& run, const plan::SinkNode& node) {
  const auto start = run.starts.find(node.name);
  if (start == run.starts.end() || node.shared) return std::nullopt;
  return start->second.others;
}

}  // namespace leat::run
