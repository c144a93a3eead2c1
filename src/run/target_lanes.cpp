#include "run/target_lanes.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "run/on_error.hpp"

namespace leat::run {
namespace {

bool is_same_sink(const Lane& a, const Lane& b) {
  return a.pipeline == b.pipeline && a.sink == b.sink;
}

/// "`p.out`", or "`out`" where it is of the same pipeline: what `takes_over` calls it.
std::string called(const LiveRun& run, const Lane& lane) {
  return lane.pipeline == run.plan.pipeline ? lane.sink : lane.pipeline + "." + lane.sink;
}

Error taken(const LiveRun& run, const plan::SinkNode& node, const Receipt& other,
            const std::string& what) {
  const auto name = called(run, other.lane);
  std::string hint = "nothing was changed; name another target, or write `takes_over: " + name +
                     "` to go on in its place";
  if (node.strategy != Strategy::replace) {
    hint += ", or `shared: true` at both where both are meant to publish to it";
  }
  if (is_same_sink(other.lane, run.lane_of(node.name))) {
    hint =
        "nothing was changed; the sink that it takes over has not read them: leave their files "
        "out of `" +
        node.growing_source + "`, or leave `takes_over` out";
  }
  return Error(Fault::config, run.sinks.at(node.name)->place() + " " + what + " sink `" +
                                  other.lane.sink + "` of pipeline `" + other.lane.pipeline +
                                  "` published")
      .with("sink", node.name)
      .with("strategy", std::string(name_of(node.strategy)))
      .with("publish", other.publish_id.text())
      .with("at", format_instant(other.committed_at))
      .refused()
      .hint(hint);
}

/// Does the position, of whatever source, stand for rows of the stretch?
Result<bool> has_read(LiveRun& run, const std::string& source, const Position& position,
                      const Stretch& stretch) {
  auto read = run.sources.at(source)->has_read(position, stretch);
  if (!read.ok()) note_failed(run, source, read.error());
  return read;
}

/// The position of the source in a receipt; where the source had another name, that of the one that
/// read what this one reads.
Result<Position> position_in(LiveRun& run, const std::string& source, const Receipt& receipt) {
  const auto found = receipt.position.find(source);
  if (found != receipt.position.end()) return found->second;
  for (const auto& [name, position] : receipt.position) {
    TRY(const bool same, has_read(run, source, position, Stretch{}));
    if (same) return position;
  }
  return Position{};
}

/// All that other sinks have published.
void leave_out_own(LaneTips& tips, const Lane& lane) {
  const auto is_own = [&](const Receipt& other) { return is_same_sink(other.lane, lane); };
  std::erase_if(tips.newer, is_own);
  std::erase_if(tips.older, is_own);
}

std::vector<Uuid> ids_of(const std::vector<Receipt>& receipts) {
  std::vector<Uuid> ids;
  for (const auto& receipt : receipts) ids.push_back(receipt.publish_id);
  return ids;
}

/// Moves what this sink takes over, and what is older, out of `newer`: it is as its own.
void take_over(const plan::SinkNode& node, SinkStart& start, LaneTips& tips) {
  if (!node.takes_over) return;
  const auto found = std::find_if(tips.newer.begin(), tips.newer.end(), [&](const Receipt& other) {
    return is_same_name(other.lane.pipeline, node.takes_over->pipeline) &&
           is_same_name(other.lane.sink, node.takes_over->sink);
  });
  if (found == tips.newer.end()) return;
  // What it published itself before is not behind the position that it goes on from.
  if (tips.own) tips.older.push_back(*tips.own);
  tips.own = *found;
  start.took_over = found->publish_id;
  tips.older.insert(tips.older.begin(), found + 1, tips.newer.end());
  tips.newer.erase(found, tips.newer.end());
}

/// Rows of several sinks may stand beside each other, but not the same ones twice.
Status require_other_rows(LiveRun& run, const plan::SinkNode& node, const Stretch& stretch,
                          const std::vector<Receipt>& others) {
  for (const auto& other : others) {
    for (const auto& [name, position] : other.position) {
      TRY(const bool same, has_read(run, node.growing_source, position, stretch));
      if (same) return taken(run, node, other, "already holds rows of the same files, which");
    }
  }
  return {};
}

/// Does the stretch, which goes on to what is there now, have any row?
Result<bool> has_rows(LiveRun& run, const std::string& source, const Position& from) {
  auto next = run.sources.at(source)->next_slice(from, SliceLimits{});
  if (!next.ok()) note_failed(run, source, next.error());
  TRY(const auto slice, std::move(next));
  return slice.has_value();
}

/// Nobody has published the rows of the stretch; nor has one who went on in this sink's place
/// since, which is to be seen by rows that this sink has published itself.
Status require_new_rows(LiveRun& run, const plan::SinkNode& node, const Stretch& stretch,
                        const LaneTips& tips) {
  TRY(require_other_rows(run, node, stretch, tips.newer));
  TRY(require_other_rows(run, node, stretch, tips.older));
  auto as_own = require_other_rows(run, node, Stretch{{}, stretch.to}, tips.newer);
  if (as_own.ok() || stretch.to) return as_own;
  TRY(const bool goes_on, has_rows(run, node.growing_source, stretch.from));
  return goes_on ? std::move(as_own) : Status();
}

/// Where the rows of a held publish begin.
Result<Position> held_from(LiveRun& run, const plan::SinkNode& node, const Receipt& held,
                           const LaneTips& tips) {
  auto before = tips.own;
  if (held.took_over) {
    TRY(before, run.sinks.at(node.name)->find(*held.took_over));
  }
  if (!before) return Position{};
  return position_in(run, node.growing_source, *before);
}

/// No row of the held publish has been appended by somebody else.
Status require_not_appended(LiveRun& run, const plan::SinkNode& node, const Receipt& held,
                            const LaneTips& tips) {
  if (tips.newer.empty() && tips.older.empty()) return {};
  const auto& source = node.growing_source;
  if (!run.sources.contains(source)) {
    return Error(Fault::external, "source " + source + " cannot be opened, and without it nobody " +
                                      "can tell whether others have published the held rows")
        .refused()
        .hint("nothing was changed; see to the source and try again");
  }
  Stretch stretch;
  TRY(stretch.from, held_from(run, node, held, tips));
  TRY(const auto to, position_in(run, source, held));
  if (!to.is_start()) stretch.to = to;
  return require_new_rows(run, node, stretch, tips);
}

}  // namespace

Result<SinkStart> start_of(LiveRun& run, const plan::SinkNode& node) {
  SinkStart start;
  const bool appends = node.strategy == Strategy::append;
  const auto reach = appends && !node.shared ? Reach::all : Reach::newer;
  TRY(auto tips, run.sinks.at(node.name)->tips(run.lane_of(node.name), reach));
  start.others = ids_of(tips.newer);
  leave_out_own(tips, run.lane_of(node.name));
  take_over(node, start, tips);
  if (!node.shared && !appends && !tips.newer.empty()) {
    return taken(run, node, tips.newer.front(), "holds what");
  }
  if (node.growing_source.empty() || !run.sources.contains(node.growing_source)) return start;
  if (tips.own) {
    TRY(start.position, position_in(run, node.growing_source, *tips.own));
  }
  if (!node.shared && appends) {
    TRY(require_new_rows(run, node, Stretch{start.position}, tips));
  }
  return start;
}

Result<OthersSeen> require_free(LiveRun& run, const plan::SinkNode& node, const Receipt& held) {
  if (node.shared) return OthersSeen();
  const bool appends = node.strategy == Strategy::append;
  TRY(auto tips, run.sinks.at(node.name)->tips(held.lane, appends ? Reach::all : Reach::newer));
  OthersSeen seen = ids_of(tips.newer);
  leave_out_own(tips, held.lane);
  for (const auto& other : tips.newer) {
    if (held.took_over == other.publish_id) break;
    if (!appends || held.took_over) return taken(run, node, other, "holds what");
  }
  if (appends) TRY(require_not_appended(run, node, held, tips));
  return seen;
}

OthersSeen expected_others(const LiveRun& run, const plan::SinkNode& node) {
  const auto start = run.starts.find(node.name);
  if (start == run.starts.end() || node.shared) return std::nullopt;
  return start->second.others;
}

}  // namespace leat::run
