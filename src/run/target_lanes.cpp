#include "run/target_lanes.hpp"

#include <algorithm>

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

/// Would the source give rows again that were read up to this position of whatever source? One that
/// has changed since counts as read: it cannot be told which of its rows are new.
Result<bool> has_read(LiveRun& run, const std::string& source, const Position& position) {
  auto& reader = *run.sources.at(source);
  TRY(const auto all, reader.next_slice(Position{}, SliceLimits{}));
  if (!all) return false;
  const auto rest = reader.next_slice(position, SliceLimits{});
  if (!rest.ok()) return rest.error().fault() == Fault::external;
  return !rest.value() || rest.value()->spec != all->spec;
}

/// The position of the source in a receipt; where the source had another name, that of the one that
/// read what this one reads.
Result<Position> position_in(LiveRun& run, const std::string& source, const Receipt& receipt) {
  const auto found = receipt.position.find(source);
  if (found != receipt.position.end()) return found->second;
  for (const auto& [name, position] : receipt.position) {
    TRY(const bool same, has_read(run, source, position));
    if (same) return position;
  }
  return Position{};
}

/// Those that count: not this sink itself, and nothing older than what it takes over.
Result<std::vector<Receipt>> others_of(LiveRun& run, const plan::SinkNode& node, SinkStart& start,
                                       std::optional<Receipt>& last) {
  TRY(auto others, run.sinks.at(node.name)->others_since(run.lane_of(node.name)));
  for (const auto& other : others) start.others.push_back(other.publish_id);
  std::erase_if(others, [&](const Receipt& other) {
    return is_same_sink(other.lane, run.lane_of(node.name));
  });
  if (!node.takes_over) return others;
  const auto found = std::find_if(others.begin(), others.end(), [&](const Receipt& other) {
    return is_same_sink(other.lane, *node.takes_over);
  });
  if (found == others.end()) return others;
  last = *found;
  start.took_over = found->publish_id;
  others.erase(found, others.end());
  return others;
}

/// Rows of several sinks may stand beside each other, but not the same ones twice.
Status require_other_rows(LiveRun& run, const plan::SinkNode& node, const Position& from,
                          const std::vector<Receipt>& others) {
  if (others.empty()) return {};
  auto next = run.sources.at(node.growing_source)->next_slice(from, SliceLimits{});
  if (!next.ok() || !next.value()) return {};  // Told, or found to be nothing, when it is read.
  for (const auto& other : others) {
    for (const auto& [name, position] : other.position) {
      TRY(const bool same, has_read(run, node.growing_source, position));
      if (same) return taken(run, node, other, "already holds rows of the same files, which");
    }
  }
  return {};
}

}  // namespace

Result<SinkStart> start_of(LiveRun& run, const plan::SinkNode& node) {
  SinkStart start;
  TRY(auto last, run.sinks.at(node.name)->last_receipt(run.lane_of(node.name)));
  TRY(const auto others, others_of(run, node, start, last));
  const bool appends = node.strategy == Strategy::append;
  if (!node.shared && !appends && !others.empty()) {
    return taken(run, node, others.front(), "holds what");
  }
  if (node.growing_source.empty() || !run.sources.contains(node.growing_source)) return start;
  if (last) {
    TRY(start.position, position_in(run, node.growing_source, *last));
  }
  if (!node.shared && appends) {
    TRY(require_other_rows(run, node, start.position, others));
  }
  return start;
}

Status require_free(LiveRun& run, const plan::SinkNode& node, const Receipt& held) {
  if (node.shared || (node.strategy == Strategy::append && !held.took_over)) return {};
  TRY(const auto others, run.sinks.at(node.name)->others_since(held.lane));
  for (const auto& other : others) {
    if (held.took_over == other.publish_id) return {};
    if (!is_same_sink(other.lane, held.lane)) return taken(run, node, other, "holds what");
  }
  return {};
}

std::optional<std::vector<Uuid>> expected_others(const LiveRun& run, const plan::SinkNode& node) {
  const auto start = run.starts.find(node.name);
  if (start == run.starts.end() || node.shared) return std::nullopt;
  if (node.strategy == Strategy::append && !start->second.took_over) return std::nullopt;
  return start->second.others;
}

}  // namespace leat::run
