#include "app/intervals.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "app/all_files.hpp"
#include "app/state_store.hpp"
#include "base/clock.hpp"
#include "config/findings.hpp"
#include "config/text_files.hpp"
#include "config/yaml.hpp"
#include "plan/graph.hpp"
#include "run/retry.hpp"
#include "run/target_place.hpp"

namespace leat::app {
namespace {

/// Looks at the ledgers of one pipeline.
class LedgerLook {
 public:
  LedgerLook(std::filesystem::path file, const LoadOptions& options,
             const std::vector<std::string>& sinks)
      : x_file(std::move(file)),
        x_planner(options),
        x_tries_until(options.tries_until),
        x_sinks(sinks) {}

  Result<std::optional<IntervalList>> list() {
    TRY(const auto plan, planned());
    const auto retry = x_tries_until != nullptr ? plan.retry : std::nullopt;
    for (run::Tries tries(retry, system_clock(), x_tries_until, Uuid());;) {
      auto found = list(plan);
      if (found.ok() || !tries.again(found.error())) return found;
    }
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
      list.is_published_by.emplace_back(list.ended.size(), false);
      if (sink.target_by_interval) {
        x_with_own_target.emplace_back(sink.name, list.by_interval.size() - 1);
      } else {
        TRY(auto opened, open(plan, sink));
        TRY(const auto lanes, lanes_of(*opened, plan.lane_of(sink)));
        note_published(list, lanes);
        TRY(expect_rows(list, *opened, plan.lane_of(sink)));
      }
    }
    if (!x_with_own_target.empty()) TRY(look_at_own_targets(list));
    TRY(leave_out_unsettled(plan, list));
    for (const auto& by_sink : list.is_published_by) {
      for (std::size_t i = 0; i < by_sink.size(); ++i) {
        list.is_published[i] = list.is_published[i] && by_sink[i];
      }
    }
    return std::optional<IntervalList>(std::move(list));
  }

 private:
  /// What a run could not tell to the end is run again, which settles it.
  Status leave_out_unsettled(const plan::Plan& plan, IntervalList& list) const {
    TRY(const auto store, find_store(plan.file));
    if (!store) return {};
    TRY(const auto unsettled, store->publishes(plan.pipeline, state::PublishStatus::planned));
    for (const auto& record : unsettled) {
      const auto interval = plan::interval_of_lane(record.lane.lane);
      const auto sink =
          std::find(list.by_interval.begin(), list.by_interval.end(), record.lane.sink);
      if (!interval || sink == list.by_interval.end()) continue;
      const auto places = x_places.find(record.lane.sink);
      const bool is_there = record.place.empty() ||
                            (places != x_places.end() && places->second.contains(record.place));
      if (!is_there) continue;
      auto& is_published = list.is_published_by[std::size_t(sink - list.by_interval.begin())];
      for (std::size_t i = 0; i < list.ended.size(); ++i) {
        const auto& one = list.ended[i];
        if (one.start == interval->start && one.end == interval->end) is_published[i] = false;
      }
    }
    return {};
  }

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
    x_places[sink.name].insert(run::place_of(**opened, plan.root));
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
      if (!list.is_published_by.back()[i]) continue;
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

  /// By the last of its sinks.
  static void note_published(IntervalList& list, const std::vector<std::string>& lanes) {
    std::unordered_map<std::int64_t, Instant> published;
    for (const auto& lane : lanes) {
      if (const auto interval = plan::interval_of_lane(lane)) {
        published[key_of(*interval)] = interval->end;
      }
    }
    for (std::size_t i = 0; i < list.ended.size(); ++i) {
      const auto found = published.find(key_of(list.ended[i]));
      list.is_published_by.back()[i] =
          found != published.end() && found->second == list.ended[i].end;
    }
  }

  /// Each interval has a ledger of its own there.
  Status look_at_own_targets(IntervalList& list) {
    for (std::size_t i = 0; i < list.ended.size(); ++i) {
      x_planner.choose(list.ended[i]);
      TRY(const auto plan, planned());
      for (const auto& [name, at] : x_with_own_target) {
        const auto& sink = *plan.sink(name);
        const auto lane = plan.lane_of(sink);
        TRY(auto opened, open(plan, sink));
        TRY(const auto lanes, lanes_of(*opened, lane));
        list.is_published_by[at][i] =
            std::find(lanes.begin(), lanes.end(), lane.lane) != lanes.end();
      }
    }
    return {};
  }

  std::filesystem::path x_file;
  Planner x_planner;
  const CancelToken* x_tries_until;
  const std::vector<std::string>& x_sinks;
  std::vector<std::pair<std::string, std::size_t>> x_with_own_target;  ///< And its place.
  std::map<std::string, std::set<std::string>> x_places;  ///< By sink: targets that it has.
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
  if (bounds.from && bounds.to && *bounds.to <= *bounds.from) {
    return Error(Fault::config, "there is no time from " + choice.from + " to " + choice.to +
                                    ", which is not included")
        .hint("nothing was run; `--to` is where the last interval ends");
  }
  return bounds;
}

/// Those that ended so long before it, which may have got rows since.
void add_lookback(const IntervalList& list, std::size_t at, std::vector<bool>& again) {
  const auto since = list.ended[at].start - list.rule.lookback;
  for (std::size_t i = at; i-- > 0 && list.ended[i].end > since;) again[i] = true;
}

ChosenInterval chosen(const IntervalList& list, std::size_t at, bool is_again) {
  ChosenInterval out;
  out.interval = list.ended[at];
  out.is_again = is_again;
  for (std::size_t i = 0; i < list.by_interval.size(); ++i) {
    const bool is_there = list.is_published_by[i][at];
    if (!is_again && is_there) continue;
    out.sinks.push_back(list.by_interval[i]);
    out.replaces = out.replaces || is_there;
  }
  return out;
}

}  // namespace

Error needs_intervals(const IntervalChoice& choice) {
  const std::string flag = choice.all ? "--all" : !choice.from.empty() ? "--from" : "--to";
  return Error(Fault::config, "`" + flag + "` is about intervals, and the pipeline has none")
      .hint("nothing ran; add `interval: {unit: day, start: 2024-01-01}`");
}

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

Status keep_between(IntervalList& list, const IntervalChoice& choice) {
  TRY(const auto bounds, bounds_of(list, choice));
  const auto ended = std::exchange(list.ended, {});
  const auto keep = [&](std::vector<bool>& marks) {
    std::vector<bool> kept;
    for (std::size_t i = 0; i < ended.size(); ++i) {
      if (bounds.has(ended[i])) kept.push_back(marks[i]);
    }
    marks = std::move(kept);
  };
  for (auto& by_sink : list.is_published_by) keep(by_sink);
  keep(list.is_published);
  std::copy_if(ended.begin(), ended.end(), std::back_inserter(list.ended),
               [&](const auto& one) { return bounds.has(one); });
  return {};
}

Result<std::vector<ChosenInterval>> choose_intervals(const IntervalList& list,
                                                     const IntervalChoice& choice) {
  std::vector<ChosenInterval> out;
  if (list.by_interval.empty()) return out;
  TRY(const auto bounds, bounds_of(list, choice));
  const bool takes_published = (bounds.from || bounds.to) && !choice.only_missing;
  const bool takes_all = choice.all || choice.only_missing;
  std::vector<bool> lacking(list.ended.size(), false);
  std::vector<bool> again(list.ended.size(), false);
  for (std::size_t i = 0; i < list.ended.size(); ++i) {
    if (!bounds.has(list.ended[i])) continue;
    again[i] = again[i] || takes_published;
    if (takes_published || list.is_published[i]) continue;
    lacking[i] = true;
    if (choice.only_missing) continue;
    if (list.rule.lookback.count() > 0) add_lookback(list, i, again);
    if (!takes_all) break;
  }
  for (std::size_t i = 0; i < list.ended.size(); ++i) {
    if (lacking[i] || again[i]) out.push_back(chosen(list, i, again[i]));
  }
  return out;
}

}  // namespace leat::app
