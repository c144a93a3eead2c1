#include "app/intervals.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "app/all_files.hpp"
#include "base/clock.hpp"
#include "config/findings.hpp"
#include "config/text_files.hpp"
#include "config/yaml.hpp"
#include "plan/graph.hpp"

namespace leat::app {
namespace {

/// Looks at the ledgers of one pipeline.
class LedgerLook {
 public:
  LedgerLook(std::filesystem::path file, const LoadOptions& options,
             const std::vector<std::string>& sinks)
      : x_file(std::move(file)), x_planner(options), x_sinks(sinks) {}

  Result<std::optional<IntervalList>> list() {
    TRY(const auto plan, planned());
    return list(plan);
  }

  Result<std::optional<IntervalList>> list(const plan::Plan& plan) {
    if (!plan.intervals) return std::optional<IntervalList>();
    TRY(auto* session, x_planner.session());
    IntervalList list;
    list.rule = *plan.intervals;
    list.stand_in = *plan.interval;
    list.retry = plan.retry;
    TRY(list.ended, plan::intervals_until(list.rule, system_clock().now(), *session));
    list.is_published.assign(list.ended.size(), true);
    for (const auto& sink : plan.sinks) {
      if (!sink.by_interval) {
        list.others.push_back(sink.name);
        continue;
      }
      list.by_interval.push_back(sink.name);
      if (sink.target_by_interval) {
        x_with_own_target.insert(sink.name);
      } else {
        TRY(auto opened, open(plan, sink));
        TRY(const auto lanes, lanes_of(*opened, plan.lane_of(sink)));
        leave_out(list, lanes);
        TRY(expect_rows(list, *opened, plan.lane_of(sink)));
      }
    }
    if (!x_with_own_target.empty()) TRY(look_at_own_targets(list));
    return std::optional<IntervalList>(std::move(list));
  }

 private:
  Result<plan::Plan> planned() {
    TRY(auto plan, x_planner.plan(x_file, true));
    if (x_sinks.empty()) return plan;
    return plan::restrict_to_sinks(std::move(plan), x_sinks);
  }

  Result<std::unique_ptr<Sink>> open(const plan::Plan& plan, const plan::SinkNode& sink) {
    BuildContext context;
    context.root = plan.root;
    context.scratch = plan.state / "tmp";
    context.files = &all_files();
    context.clock = &system_clock();
    TRY(context.session, x_planner.session());
    context.secrets = plan.secrets.get();
    context.artifacts = plan.artifacts;
    context.lane = plan.lane_of(sink);
    auto opened = sink.spec->build(context);
    if (!opened.ok()) return std::move(opened).error().during("while opening sink " + sink.name);
    return opened;
  }

  static Result<std::vector<std::string>> lanes_of(Sink& sink, const Lane& lane) {
    auto lanes = sink.lanes(lane);
    if (!lanes.ok()) return std::move(lanes).error().during("while looking at sink " + lane.sink);
    return lanes;
  }

  /// The last few tell how many rows an interval has.
  static Status expect_rows(IntervalList& list, Sink& sink, Lane lane) {
    constexpr std::uint64_t kLooksMax = 3;
    std::uint64_t rows = 0;
    std::uint64_t looks = 0;
    for (std::size_t i = list.ended.size(); i-- > 0 && looks < kLooksMax;) {
      if (!list.is_published[i]) continue;
      lane.lane = list.ended[i].lane();
      TRY(const auto last, sink.last_receipt(lane));
      if (!last) continue;
      rows += last->rows_published;
      ++looks;
    }
    if (looks > 0) list.rows_expected = list.rows_expected.value_or(0) + rows / looks;
    return {};
  }

  static std::int64_t key_of(const plan::Interval& interval) {
    return interval.start.time_since_epoch().count();
  }

  static void leave_out(IntervalList& list, const std::vector<std::string>& lanes) {
    std::unordered_map<std::int64_t, Instant> published;
    for (const auto& lane : lanes) {
      if (const auto interval = plan::interval_of_lane(lane)) {
        published[key_of(*interval)] = interval->end;
      }
    }
    for (std::size_t i = 0; i < list.ended.size(); ++i) {
      const auto found = published.find(key_of(list.ended[i]));
      const bool is_there = found != published.end() && found->second == list.ended[i].end;
      list.is_published[i] = list.is_published[i] && is_there;
    }
  }

  /// Each interval has a ledger of its own there.
  Status look_at_own_targets(IntervalList& list) {
    for (std::size_t i = 0; i < list.ended.size(); ++i) {
      x_planner.choose(list.ended[i]);
      TRY(const auto plan, planned());
      for (const auto& name : x_with_own_target) {
        const auto& sink = *plan.sink(name);
        const auto lane = plan.lane_of(sink);
        TRY(auto opened, open(plan, sink));
        TRY(const auto lanes, lanes_of(*opened, lane));
        const bool is_there = std::find(lanes.begin(), lanes.end(), lane.lane) != lanes.end();
        list.is_published[i] = list.is_published[i] && is_there;
      }
    }
    return {};
  }

  std::filesystem::path x_file;
  Planner x_planner;
  const std::vector<std::string>& x_sinks;
  std::set<std::string> x_with_own_target;
};

/// From one time up to another, as far as they are named.
struct Bounds {
  std::optional<Instant> from;
  std::optional<Instant> to;
  bool has(const plan::Interval& interval) const {
    return (!from || interval.start >= *from) && (!to || interval.start < *to);
  }
};

Result<Bounds> bounds_of(const IntervalList& list, const IntervalChoice& choice) {
  Bounds bounds;
  if (choice.from.empty() && choice.to.empty()) return bounds;
  TRY(const auto session, engine::Session::open({}));
  if (!choice.from.empty()) {
    TRY(bounds.from, plan::instant_of(choice.from, list.rule, *session));
  }
  if (!choice.to.empty()) {
    TRY(bounds.to, plan::instant_of(choice.to, list.rule, *session));
  }
  return bounds;
}

/// Those that ended so long before it, which may have got rows since.
void add_lookback(const IntervalList& list, std::size_t at, std::vector<bool>& chosen) {
  const auto since = list.ended[at].start - list.rule.lookback;
  for (std::size_t i = at; i-- > 0 && list.ended[i].end > since;) chosen[i] = true;
}

}  // namespace

Result<bool> has_intervals(const std::filesystem::path& file, const LoadOptions& options) {
  const auto& files = options.files ? *options.files : config::local_text_files();
  TRY(const auto text, files.read(file, config::YamlLimits{}.bytes_max));
  config::Findings unheard;  // The plan tells them.
  const auto tree = config::parse_yaml(text, file.string(), unheard);
  return tree && tree->is_map() && tree->find("interval") != nullptr;
}

Result<std::optional<IntervalList>> list_intervals(const std::filesystem::path& file,
                                                   const LoadOptions& options,
                                                   const std::vector<std::string>& sinks) {
  return LedgerLook(file, options, sinks).list();
}

Result<std::optional<IntervalList>> list_intervals(const plan::Plan& plan,
                                                   const LoadOptions& options) {
  std::vector<std::string> sinks;
  for (const auto& sink : plan.sinks) sinks.push_back(sink.name);
  return LedgerLook(plan.file, options, sinks).list(plan);
}

Result<std::vector<plan::Interval>> choose_intervals(const IntervalList& list,
                                                     const IntervalChoice& choice) {
  TRY(const auto bounds, bounds_of(list, choice));
  const bool is_range = bounds.from || bounds.to;
  std::vector<bool> chosen(list.ended.size(), false);
  for (std::size_t i = 0; i < list.ended.size(); ++i) {
    if (!bounds.has(list.ended[i])) continue;
    if (list.is_published[i] && (!is_range || choice.only_missing)) continue;
    chosen[i] = true;
    if (is_range || choice.only_missing) continue;
    if (list.rule.lookback.count() > 0) add_lookback(list, i, chosen);
    if (!choice.all) break;
  }
  std::vector<plan::Interval> out;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i]) out.push_back(list.ended[i]);
  }
  return out;
}

}  // namespace leat::app
