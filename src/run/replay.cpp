#include "run/replay.hpp"

#include <algorithm>

#include "run/find_items.hpp"
#include "run/publish_sink.hpp"
#include "run/replay_plan.hpp"
#include "run/replay_source.hpp"
#include "run/segment_sql.hpp"
#include "run/skips.hpp"
#include "run/slice_run.hpp"
#include "run/standing_rows.hpp"
#include "run/tally.hpp"

namespace leat::run {

namespace fs = std::filesystem;

namespace {

constexpr const char* kMayBeOlder =
    "something was published since, and nothing tells which row is newer (`--late` takes them)";

/// Sinks that get the same rows.
struct ReplayGroup {
  std::vector<std::string> sinks;
  ReplayRows rows;
};

bool gets_same(const ReplayRows& a, const ReplayRows& b) {
  return std::equal(
      a.taken.begin(), a.taken.end(), b.taken.begin(), b.taken.end(),
      [](const TakenRows& x, const TakenRows& y) { return x.path == y.path && x.rows == y.rows; });
}

/// One replay under way.
class ReplayWork {
 public:
  ReplayWork(const plan::Plan& whole, const ReplayRequest& request, LiveRun& run, RunReport& report,
             std::vector<SinkReplay>& out)
      : x_whole(whole), x_request(request), x_run(run), x_report(report), x_out(out) {}

  Status execute() {
    TRY(skip_sources(x_run));
    TRY(find_items(x_run, x_report.warnings));
    TRY(auto segments, segments_of(*x_run.services.files, x_run.plan.artifacts, x_run.plan.pipeline,
                                   x_request.dataset));
    std::erase_if(segments, [&](const fs::path& path) {
      return !x_request.publish_id.empty() && path.stem() != x_request.publish_id;
    });
    TRY(x_reads_texts, reads_texts(x_run, x_whole, x_whole.source(x_request.dataset), segments));
    for (const auto& sink : x_run.plan.sinks) TRY(prepare(sink, segments));
    for (auto& group : x_groups) TRY(carry_out(group));
    settle_score(x_report, weights_of(x_run.plan.policy));
    return {};
  }

 private:
  const data::Schema& columns() const { return x_run.plan.source(x_request.dataset)->judged; }

  /// Looks what stands for a sink, and who else gets the same.
  Status prepare(const plan::SinkNode& sink, const std::vector<fs::path>& segments) {
    auto& told = x_out.emplace_back();
    told.sink = sink.name;
    auto standing = standing_for(x_run, sink.name, x_request.dataset, segments);
    if (!standing.ok()) return std::move(standing).error().during("while opening " + sink.name);
    if (!x_request.late && minds_newer(*x_whole.sink(sink.name))) {
      TRY(leave_older(*standing, told));
    }
    const auto folder = x_run.workspace->scratch() / ("replay-" + std::to_string(x_out.size()));
    const bool is_computed = x_whole.source(x_request.dataset) == nullptr;
    const RowChoice choice{x_request.check, sink.name, false, is_computed};
    TRY(auto rows, collect_rows(*x_run.session, *x_run.services.files, folder, standing->segments,
                                columns(), x_reads_texts, choice));
    told.rows = rows.rows();
    told.patched = rows.patched_rows;
    for (const auto& [why, count] : rows.left) told.left[why] += count;
    TRY(const auto tips, x_run.sinks.at(sink.name)->tips(x_run.lane_of(sink.name), Reach::newer));
    auto& start = x_run.starts[sink.name];
    for (const auto& other : tips.newer) start.others.push_back(other.publish_id);
    x_heads[sink.name] = standing->head;
    x_after[sink.name] = standing->main_head;
    if (rows.rows() == 0) return {};
    const auto same = std::find_if(x_groups.begin(), x_groups.end(),
                                   [&](const auto& group) { return gets_same(group.rows, rows); });
    if (same != x_groups.end()) {
      same->sinks.push_back(sink.name);
    } else {
      x_groups.push_back({{sink.name}, std::move(rows)});
    }
    return {};
  }

  /// A row that comes late must not take the place of a newer one.
  Status leave_older(SinkStanding& standing, SinkReplay& told) {
    std::vector<StandingSegment> kept;
    for (auto& segment : standing.segments) {
      if (segment.base == standing.main_head) {
        kept.push_back(std::move(segment));
        continue;
      }
      TRY(const auto acts, read_acts(*x_run.services.files, segment.path));
      SegmentPart part{segment.path, segment.publish_id, segment.replayed};
      part.left_out.add(acts.dropped.ranges());
      TRY(const auto count,
          x_run.session->query("SELECT count(*) FROM " + segment_rows_sql({part})));
      const auto rows = std::stoull(count.rows.at(0).at(0).value_or("0"));
      if (rows > 0) told.left[kMayBeOlder] += rows;
    }
    standing.segments = std::move(kept);
    return {};
  }

  Replayed told_of(const ReplayGroup& group, const std::string& sink) const {
    Replayed replayed{x_request.dataset, x_after.at(sink), {}};
    for (const auto& taken : group.rows.taken) {
      if (taken.rows.empty()) continue;
      replayed.segments.push_back({taken.path.filename().string(), taken.rows.ranges()});
    }
    return replayed;
  }

  Status carry_out(ReplayGroup& group) {
    SliceOrder order;
    order.sinks = group.sinks;
    for (const auto& sink : group.sinks) {
      order.heads[sink] = x_heads.at(sink);
      x_run.replayed[sink] = told_of(group, sink);
    }
    TRY(x_run.sources[x_request.dataset],
        replay_source(x_run, x_whole.source(x_request.dataset), std::move(group.rows), columns()));
    for (auto& [name, source] : x_run.sources) {
      auto slice = source->next_slice(Position{}, SliceLimits{});
      if (!slice.ok()) return std::move(slice).error().during("while opening source " + name);
      if (*slice) order.slices[name] = std::move(**slice);
    }
    TRY(auto slice, run_slice(x_run, order));
    for (const auto& sink : slice.sinks) tell_failed(sink);
    RunReport part;
    ++part.slices;
    add_slice(part, std::move(slice), weights_of(x_run.plan.policy));
    add_group(x_report, std::move(part));
    for (const auto& sink : group.sinks) sink_of(x_report, x_run, sink).is_done = true;
    return {};
  }

  /// Of the rows that were taken some may have failed again, or all of them.
  void tell_failed(const SinkReport& sink) {
    const auto told = std::find_if(x_out.begin(), x_out.end(),
                                   [&](const auto& other) { return other.sink == sink.name; });
    if (told == x_out.end()) return;
    for (const auto& segment : sink.receipt.quarantine) told->failed_again += segment.rows;
    told->rows -= std::min(told->rows, told->failed_again);
    if (sink.verdict == SinkVerdict::failed) told->rows = 0;
  }

  const plan::Plan& x_whole;
  const ReplayRequest& x_request;
  LiveRun& x_run;
  RunReport& x_report;
  std::vector<SinkReplay>& x_out;
  ReadsTextsOf x_reads_texts;
  std::vector<ReplayGroup> x_groups;
  std::map<std::string, Head> x_heads;
  std::map<std::string, Uuid> x_after;
};

}  // namespace

Result<ReplayOutcome> replay(const plan::Plan& plan, const ReplayRequest& request,
                             const std::vector<std::string>& sinks, RunOptions options,
                             const RunServices& services) {
  options.lane = kReplayLane;
  const auto* source = plan.source(request.dataset);
  const auto& columns = source != nullptr ? source->judged : plan.schema(request.dataset);
  const auto from = plan_from(plan, request.dataset, empty_source(columns), sinks);
  ReplayOutcome outcome;
  const auto work = [&](LiveRun& run, RunReport& report) {
    outcome.sinks.clear();
    return ReplayWork(plan, request, run, report, outcome.sinks).execute();
  };
  TRY(outcome.report, run_around(from, options, services, work));
  return outcome;
}

}  // namespace leat::run
