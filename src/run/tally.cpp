#include "run/tally.hpp"

#include <algorithm>

#include "run/retry.hpp"

namespace leat::run {
namespace {

void add_tally(std::vector<engine::CheckTally>& all, const engine::CheckTally& tally) {
  const auto same =
      std::find_if(all.begin(), all.end(), [&](const auto& other) { return other.id == tally.id; });
  if (same == all.end()) {
    all.push_back(tally);
    return;
  }
  same->judged += tally.judged;
  same->failed += tally.failed;
  for (const auto& example : tally.examples) {
    if (same->examples.size() < 3) same->examples.push_back(example);
  }
}

void add_outcome(std::vector<CheckOutcome>& all, const CheckOutcome& outcome) {
  const auto same = std::find_if(all.begin(), all.end(),
                                 [&](const auto& other) { return other.id == outcome.id; });
  if (same == all.end()) {
    all.push_back(outcome);
    return;
  }
  same->rows_judged += outcome.rows_judged;
  same->rows_failed += outcome.rows_failed;
  same->value = outcome.value;
  same->asked = outcome.asked;
  same->reason = outcome.reason;
  if (outcome.verdict != Verdict::pass) same->verdict = outcome.verdict;
}

/// The rows of all slices together, as if one pass had measured them.
void add_statistics(DatasetReport& all, DatasetReport& slice) {
  all.measured = all.measured || slice.measured;
  if (!slice.gathered) return;
  if (all.gathered) {
    slice.gathered->merge(*all.gathered);
    all.statistics = slice.gathered->summary();
  } else {
    all.statistics = std::move(slice.statistics);
  }
  all.gathered = std::move(slice.gathered);
}

void add_dataset(RunReport& report, DatasetReport dataset, const Weights& weights) {
  const auto same = std::find_if(report.datasets.begin(), report.datasets.end(),
                                 [&](const auto& other) { return other.name == dataset.name; });
  if (same == report.datasets.end()) {
    report.datasets.push_back(std::move(dataset));
    return;
  }
  auto& counts = same->outcome.counts;
  counts.read += dataset.outcome.counts.read;
  counts.quarantined += dataset.outcome.counts.quarantined;
  counts.undecodable += dataset.outcome.counts.undecodable;
  counts.above_records += dataset.outcome.counts.above_records;
  counts.deduplicated += dataset.outcome.counts.deduplicated;
  counts.passed_on += dataset.outcome.counts.passed_on;
  for (const auto& tally : dataset.outcome.tallies) add_tally(same->outcome.tallies, tally);
  for (const auto& outcome : dataset.outcome.checks) add_outcome(same->outcome.checks, outcome);
  add_statistics(*same, dataset);
  add_profile(same->profile, dataset.profile);
  same->score = score_of(same->outcome.checks, weights);
  same->elapsed += dataset.elapsed;
}

void add_sink(RunReport& report, SinkReport sink) {
  const auto same = std::find_if(report.sinks.begin(), report.sinks.end(),
                                 [&](const auto& other) { return other.name == sink.name; });
  if (same == report.sinks.end()) {
    report.sinks.push_back(std::move(sink));
    return;
  }
  if (sink.verdict == SinkVerdict::unchanged && same->publishes > 0) {
    same->reasons = std::move(sink.reasons);
    return;
  }
  sink.published += same->published;
  sink.publishes += same->publishes;
  sink.changes += same->changes;
  *same = std::move(sink);
}

template <typename T>
void append_new(std::vector<T>& all, std::vector<T> more) {
  for (auto& item : more) {
    if (std::find(all.begin(), all.end(), item) == all.end()) all.push_back(std::move(item));
  }
}

/// Of a dataset that another group has read too, the wider reading stays.
void add_reading(RunReport& report, DatasetReport dataset) {
  const auto same = std::find_if(report.datasets.begin(), report.datasets.end(),
                                 [&](const auto& other) { return other.name == dataset.name; });
  if (same == report.datasets.end()) {
    report.datasets.push_back(std::move(dataset));
    return;
  }
  const auto elapsed = same->elapsed + dataset.elapsed;
  if (dataset.outcome.counts.read > same->outcome.counts.read) *same = std::move(dataset);
  same->elapsed = elapsed;
}

}  // namespace

void add_group(RunReport& report, RunReport part) {
  for (auto& dataset : part.datasets) add_reading(report, std::move(dataset));
  for (auto& sink : part.sinks) add_sink(report, std::move(sink));
  report.slices += part.slices;
  append_new(report.warnings, std::move(part.warnings));
  append_new(report.check_warnings, std::move(part.check_warnings));
  append_new(report.queries, std::move(part.queries));
  append_new(report.segments, std::move(part.segments));
}

void settle_score(RunReport& report, const Weights& weights) {
  std::vector<CheckOutcome> all;
  for (const auto& dataset : report.datasets) {
    all.insert(all.end(), dataset.outcome.checks.begin(), dataset.outcome.checks.end());
  }
  report.score = score_of(all, weights);
}

bool add_slice(RunReport& report, SliceReport slice, const Weights& weights) {
  bool goes_on = true;
  for (auto& dataset : slice.datasets) add_dataset(report, std::move(dataset), weights);
  for (auto& sink : slice.sinks) {
    goes_on = goes_on && sink.verdict != SinkVerdict::held && sink.verdict != SinkVerdict::failed;
    add_sink(report, std::move(sink));
  }
  append_new(report.warnings, std::move(slice.warnings));
  append_new(report.check_warnings, std::move(slice.check_warnings));
  append_new(report.queries, std::move(slice.queries));
  append_new(report.segments, std::move(slice.segments));
  return goes_on;
}

SinkReport& sink_of(RunReport& report, const LiveRun& run, const std::string& name) {
  for (auto& sink : report.sinks) {
    if (sink.name == name) return sink;
  }
  const auto& node = *run.plan.sink(name);
  SinkReport sink;
  sink.name = name;
  sink.from = node.from;
  sink.place = run.sinks.at(name)->place();
  sink.how_to_look = run.sinks.at(name)->how_to_look();
  sink.strategy = name_of(node.strategy);
  sink.guarantee = name_of(node.guarantee);
  return report.sinks.emplace_back(std::move(sink));
}

void settle_status(RunReport& report, int signal) {
  const auto any = [&](SinkVerdict verdict) {
    return std::any_of(report.sinks.begin(), report.sinks.end(),
                       [&](const auto& sink) { return sink.verdict == verdict; });
  };
  const bool published = std::any_of(report.sinks.begin(), report.sinks.end(),
                                     [](const auto& sink) { return sink.publishes > 0; });
  const auto say = [&](const char* status, int exit_code) {
    report.status = status;
    report.exit_code = exit_code;
  };
  if (signal != 0) return say("interrupted", 128 + signal);
  if (any(SinkVerdict::failed)) {
    if (published || any(SinkVerdict::held)) return say("partial", 4);
    const auto all_failed = [&](bool SinkReport::* since) {
      return std::all_of(report.sinks.begin(), report.sinks.end(), [&](const auto& sink) {
        return sink.verdict != SinkVerdict::failed || sink.*since;
      });
    };
    if (all_failed(&SinkReport::busy)) return say("failed", 6);
    return say("failed", all_failed(&SinkReport::is_refused) ? 7 : 1);
  }
  if (any(SinkVerdict::held)) return say("held", 3);
  say("success", 0);
}

void note_error(SinkReport& sink, const Error& error) {
  sink.verdict = SinkVerdict::failed;
  sink.error = error.text();
  sink.busy = error.is_busy();
  // Who has lost to another publish only runs again.
  sink.is_refused = error.is_refused() && error.fault() == Fault::config;
  sink.is_grave = error.is_grave();
  sink.may_pass = may_pass(error);
}

std::string_view name_of(SinkVerdict verdict) {
  switch (verdict) {
    case SinkVerdict::published: return "published";
    case SinkVerdict::unchanged: return "unchanged";
    case SinkVerdict::held: return "held";
    case SinkVerdict::failed: return "failed";
  }
  return "failed";
}

}  // namespace leat::run
