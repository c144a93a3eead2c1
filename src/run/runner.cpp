#include "run/runner.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/exit_code.hpp"
#include "base/quantity.hpp"
#include "plan/params.hpp"
#include "run/drop_stage.hpp"
#include "run/find_items.hpp"
#include "run/forget.hpp"
#include "run/held.hpp"
#include "run/hooks.hpp"
#include "run/keep_contracts.hpp"
#include "run/live_run.hpp"
#include "run/on_error.hpp"
#include "run/order.hpp"
#include "run/publish_sink.hpp"
#include "run/recovery.hpp"
#include "run/retry.hpp"
#include "run/skips.hpp"
#include "run/slice_run.hpp"
#include "run/steps.hpp"
#include "run/tally.hpp"
#include "run/target_place.hpp"

namespace leat::run {
namespace {

/// Held publishes of a lane make an append wait; a replace takes their place.
Status check_held(LiveRun& run) {
  TRY(const auto all, list_held(*run.services.files, run.plan.artifacts));
  for (const auto& held : all) {
    const auto* sink = run.plan.sink(held.receipt.lane.sink);
    if (sink == nullptr || held.receipt.lane != run.lane_of(sink->name)) continue;
    if (!is_at(*run.sinks.at(sink->name), held.place, run.plan.root)) continue;
    const bool is_replay = run.options.lane == kReplayLane;
    if (!is_replay && !blocks_when_held(run.plan, *sink)) continue;
    return waits_for_decision(held);
  }
  return {};
}

/// After a newer publish of its lane a held one is out of date.
Status drop_superseded(LiveRun& run, const RunReport& report) {
  TRY(const auto all, list_held(*run.services.files, run.plan.artifacts));
  std::vector<state::PublishRecord> records;
  for (const auto& held : all) {
    const auto newer = std::find_if(report.sinks.begin(), report.sinks.end(), [&](const auto& s) {
      return held.receipt.lane == run.lane_of(s.name) &&
             s.receipt.publish_id > held.receipt.publish_id &&
             (s.verdict == SinkVerdict::published || s.verdict == SinkVerdict::held);
    });
    if (newer == report.sinks.end()) continue;
    auto& sink = *run.sinks.at(newer->name);
    if (!is_at(sink, held.place, run.plan.root)) continue;
    auto record = record_of(held, state::PublishStatus::superseded);
    const auto published = sink.find(record.publish_id);
    if (!published.ok()) {
      run.said.push_back("what is held of sink " + newer->name +
                         " is out of date, but stays: " + published.error().text());
      continue;
    }
    if (*published) {
      record.status = state::PublishStatus::committed;
      record.receipt = to_json(**published);
    }
    TRY(remove_held(*run.services.files, held.folder));
    drop_stage(run, record);  // Of a `leat publish` that was ended, or failed.
    records.push_back(std::move(record));
  }
  return records.empty() ? Status() : run.services.store->settle(records);
}

/// Sinks whose gate closed, which read another source when all others are done.
struct Postponed {
  SinkGroup group;
  std::map<std::string, std::string> breaches;
  std::map<std::string, std::string> skipped_before;
};

/// Sinks that were left out of a slice, or wait, do not move with the others: what they have not
/// read is read from where they stand, in the next run at the latest.
void part_with(SinkGroup& group, const SliceReport& slice, std::vector<Postponed>& later) {
  if (!slice.breaches.empty()) {
    later.push_back({group, slice.breaches, slice.skipped_before});
    later.back().group.sinks = slice.postponed;
  }
  std::erase_if(group.sinks, [&](const std::string& name) {
    const auto& waiting = slice.postponed;
    return std::find(waiting.begin(), waiting.end(), name) != waiting.end() ||
           std::any_of(slice.sinks.begin(), slice.sinks.end(), [&](const SinkReport& sink) {
             return sink.name == name && sink.verdict == SinkVerdict::unchanged;
           });
  });
}

/// The next slice goes on from what this one has published.
void note_heads(LiveRun& run, const SliceReport& slice) {
  for (const auto& sink : slice.sinks) {
    if (sink.verdict != SinkVerdict::published) continue;
    run.starts.at(sink.name).head = sink.receipt.publish_id;
  }
}

void take_said(LiveRun& run, RunReport& report) {
  for (auto& said : std::exchange(run.said, {})) report.warnings.push_back(std::move(said));
}

/// Slice after slice until the sinks have all there is, or `slices_max` are done.
Status run_group(LiveRun& run, SinkGroup& group, std::optional<std::uint64_t> slices_max,
                 RunReport& part, std::vector<Postponed>& later) {
  for (;;) {
    if (slices_max && part.slices >= *slices_max) return {};
    auto next = retrying(run, part, [&] { return next_order(run, group); });
    take_said(run, part);
    if (!next.ok() && replace_failed(run, part)) continue;
    TRY(auto order, std::move(next));
    if (!order) return {};
    auto done = retrying(run, part, [&] { return run_slice(run, *order); });
    if (!done.ok() && replace_failed(run, part)) continue;
    TRY(auto slice, std::move(done));
    note_heads(run, slice);
    part_with(group, slice, later);
    if (slice.is_dropped) continue;
    ++part.slices;
    const bool goes_on = add_slice(part, std::move(slice), weights_of(run.plan.policy));
    if (!goes_on || !advance(group, *order)) return {};
  }
}

/// All slices of a group, and what is to be told of them. `slices_due`: so many are part of what
/// was read already.
Status run_whole(LiveRun& run, SinkGroup& group, RunReport& report, std::vector<Postponed>& later,
                 std::uint64_t slices_due = 0) {
  auto slices_left = run.options.slices_max;
  if (slices_left) {
    *slices_left = std::max(slices_due, *slices_left - std::min(*slices_left, report.slices));
  }
  RunReport part;
  auto done = run_group(run, group, slices_left, part, later);
  add_group(report, std::move(part));
  settle_score(report, weights_of(run.plan.policy));
  TRY(std::move(done));
  for (const auto& name : group.sinks) sink_of(report, run, name).is_done = true;
  return {};
}

/// Conditions of models are asked of other rows than before.
void ask_anew(LiveRun& run, const std::map<std::string, std::string>& skipped_before) {
  std::erase_if(run.skipped, [&](const auto& entry) {
    return run.plan.source(entry.first) == nullptr && !skipped_before.contains(entry.first);
  });
}

/// Of sinks that went the same way: those whose publish broke off for a reason that may pass, and
/// those that have to go on behind it.
std::set<std::string> broken_off(const RunReport& report, const std::vector<SinkGroup>& groups,
                                 std::string& why) {
  std::set<std::string> names;
  for (const auto& group : groups) {
    std::set<std::string> broken;
    std::set<std::string> others;
    for (const auto& sink : report.sinks) {
      if (std::find(group.sinks.begin(), group.sinks.end(), sink.name) == group.sinks.end())
        continue;
      if (sink.verdict == SinkVerdict::failed && sink.may_pass) {
        why = sink.error;
        broken.insert(sink.name);
      } else if (sink.verdict == SinkVerdict::published && !group.growing_source.empty()) {
        others.insert(sink.name);
      }
    }
    if (!broken.empty()) names.merge(others);
    names.merge(broken);
  }
  return names;
}

bool is_published(const RunReport& report, const std::string& name) {
  return std::any_of(report.sinks.begin(), report.sinks.end(), [&](const SinkReport& sink) {
    return sink.name == name && sink.verdict == SinkVerdict::published;
  });
}

/// A publish that broke off while nobody could be asked may have happened: its ledger knows.
Status note_happened(LiveRun& run, const std::set<std::string>& names, RunReport& report) {
  for (auto& sink : report.sinks) {
    if (!names.contains(sink.name) || sink.verdict != SinkVerdict::failed) continue;
    const auto found = run.sinks.at(sink.name)->find(sink.receipt.publish_id);
    if (!found.ok() || !*found) continue;
    sink.receipt = **found;
    sink.verdict = SinkVerdict::published;
    sink.error.clear();
    sink.may_pass = false;
    sink.changes += sink.receipt.changes;
    sink.published += sink.receipt.rows_published;
    ++sink.publishes;
    state::PublishRecord record;
    record.publish_id = sink.receipt.publish_id;
    record.run_id = run.run_id;
    record.lane = sink.receipt.lane;
    record.status = state::PublishStatus::committed;
    record.receipt = to_json(sink.receipt);
    record.pipeline_file = run.plan.file.string();
    record.place = place_of(*run.sinks.at(sink.name), run.plan.root);
    TRY(run.services.store->settle({record}));
  }
  return {};
}

/// What broke off while it was published, from where its sinks stand now.
Status publish_again(LiveRun& run, const std::vector<SinkGroup>& groups, RunReport& report,
                     std::vector<Postponed>& later) {
  for (auto tries = tries_of(run);;) {
    std::string why;
    const auto names = broken_off(report, groups, why);
    if (names.empty()) return {};
    auto told = tries.again(Error(Fault::external, why));
    if (!told) return {};
    report.warnings.push_back(std::move(*told));
    TRY(note_happened(run, names, report));
    TRY(reopen_sources(run));
    TRY(auto again, retrying(run, report, [&] { return group_sinks(run); }));
    for (auto& group : again) {
      const bool grows = !group.growing_source.empty();
      std::erase_if(group.sinks, [&](const auto& name) {
        return !names.contains(name) || (!grows && is_published(report, name));
      });
      if (!group.sinks.empty()) TRY(run_whole(run, group, report, later, 1));
    }
  }
}

Status run_slices(LiveRun& run, RunReport& report) {
  TRY(skip_sources(run));
  TRY(retrying(run, report, [&] { return find_items(run, report.warnings); }));
  for (const auto& source : run.plan.sources) {
    if (!source.failure.empty()) {
      note_failed(run, source.name, Error(Fault::external, source.failure));
    }
  }
  replace_failed(run, report);
  auto grouped = retrying(run, report, [&] { return group_sinks(run); });
  while (!grouped.ok() && replace_failed(run, report)) grouped = group_sinks(run);
  TRY(auto groups, std::move(grouped));
  std::vector<Postponed> later;
  const auto all = groups;
  for (auto& group : groups) TRY(run_whole(run, group, report, later));
  TRY(publish_again(run, all, report, later));
  for (std::size_t i = 0; i < later.size(); ++i) {
    auto next = std::move(later[i]);
    ask_anew(run, next.skipped_before);
    replace_breached(run, next.breaches, report);
    const std::vector<SinkGroup> postponed{next.group};
    TRY(run_whole(run, next.group, report, later, 1));
    TRY(publish_again(run, postponed, report, later));
  }
  return {};
}

state::RunRecord record_of(const plan::Plan& plan, const RunOptions& options,
                           const RunReport& report) {
  state::RunRecord record;
  record.run_id = report.run_id;
  record.pipeline = report.pipeline;
  record.environment = report.environment;
  record.status = report.status;
  record.started_at = report.started_at;
  record.exit_code = report.exit_code;
  record.pipeline_file = plan.file.string();
  record.variables = plan::without_secrets(options.variables);
  if (!plan.left_out.empty()) {
    for (const auto& sink : plan.sinks) record.sinks.push_back(sink.name);
  }
  record.retry_of = options.retry_of;
  record.process = io::own_process();
  record.lane = !options.lane.empty() ? options.lane
                : plan.interval       ? plan.interval->lane()
                                      : "main";
  return record;
}

state::RunRecord record_of(const LiveRun& run, const RunReport& report) {
  return record_of(run.plan, run.options, report);
}

std::vector<GraphNode> graph_of(const plan::Plan& plan) {
  std::vector<GraphNode> graph;
  for (const auto& node : plan.sources) {
    std::vector<std::string> inputs;
    if (node.items) inputs.push_back(node.items->node);
    graph.push_back({node.name, "source", node.connector, std::move(inputs)});
  }
  for (const auto& node : plan.models) {
    graph.push_back({node.name, node.step ? "step" : "model", "", node.inputs});
  }
  for (const auto& node : plan.sinks) {
    graph.push_back({node.name, "sink", node.connector, {node.from}});
  }
  return graph;
}

RunReport begin_report(const plan::Plan& plan, const RunOptions& options,
                       const RunServices& services) {
  RunReport report;
  report.run_id = options.run_id ? *options.run_id : make_uuid7(*services.clock);
  report.pipeline = plan.pipeline;
  report.description = plan.description;
  report.owner = plan.owner;
  report.environment = plan.environment;
  report.status = "running";
  if (plan.interval) report.interval = plan.interval->name;
  report.started_at = services.clock->now();
  report.began = services.clock->steady();
  report.graph = graph_of(plan);
  report.warnings = services.warnings;
  return report;
}

/// What nobody has seen a row of has no types yet.
std::set<std::string> sources_without_rows(const RunReport& report) {
  std::set<std::string> names;
  for (const auto& dataset : report.datasets) {
    if (dataset.outcome.counts.read == 0) names.insert(dataset.name);
  }
  return names;
}

/// Says why a sink had nothing to publish, where something was left out.
void note_left_out(SinkReport& sink, const LiveRun& run, const plan::SinkNode& node) {
  if (sink.verdict != SinkVerdict::unchanged || !sink.reasons.empty()) return;
  if (run.published_meanwhile.contains(node.name)) {
    sink.reasons.push_back("another run has published " + run.plan.interval->name +
                           " since this one looked what is missing");
  } else if (auto why = skipped_below(run, node)) {
    sink.reasons.push_back(std::move(*why));
  } else if (!node.when.sql.empty()) {
    sink.reasons.push_back(node.name + " is left out: when " + node.when.written);
  }
}

/// An error that stopped the slices: what was published stays published, and sinks that have all
/// there is are done.
void note_stop(const LiveRun& run, RunReport& report, const Error& error) {
  run.log->line("error", error.text());
  for (const auto& node : run.plan.sinks) {
    auto& sink = sink_of(report, run, node.name);
    if (sink.is_done || sink.verdict == SinkVerdict::held) continue;
    if (run.published_meanwhile.contains(node.name)) continue;
    if (error.is_cancelled() && sink.publishes > 0) continue;
    note_error(sink, error);
  }
}

bool has_published(const RunReport& report) {
  return std::any_of(report.sinks.begin(), report.sinks.end(),
                     [](const auto& sink) { return sink.publishes > 0; });
}

/// What a system says of a statement may quote it.
void hide_secrets(const LiveRun& run, RunReport& report) {
  const auto hide = [&](std::string& text) { text = run.plan.hidden.out_of(std::move(text)); };
  for (auto& sink : report.sinks) {
    hide(sink.error);
    for (auto& reason : sink.reasons) hide(reason);
  }
  for (auto& warning : report.warnings) hide(warning);
}

/// `stop`: the error that the program ends with, where one does.
Status finish(LiveRun& run, RunReport& report, int signal, const Error* stop, bool has_hooks) {
  settle_status(report, signal);
  if (stop != nullptr) report.exit_code = exit_code_of(*stop);
  if (has_hooks) run_ending_hooks(run, report);
  hide_secrets(run, report);
  report.elapsed = run.services.clock->steady() - report.began;
  run.log->line(report.exit_code == 0 ? "info" : "warn",
                "run ends: " + report.status + ", exit " + std::to_string(report.exit_code) + ", " +
                    format_duration(report.elapsed));
  auto record = record_of(run, report);
  record.ended_at = report.started_at + report.elapsed;
  record.report = to_json(report);
  note_growth(run, report);
  note_grave(run, report);
  TRY(run.services.store->finish_run(record, steps_of(run, report)));
  forget_history(run);
  return {};
}

/// With its sources and sinks open.
Result<std::unique_ptr<LiveRun>> opened(const plan::Plan& plan, const RunOptions& options,
                                        const RunServices& services, RunReport& report) {
  for (Tries tries(plan.retry, *services.clock, services.cancel, report.run_id);;) {
    auto run = open_run(plan, options, services, report.run_id);
    if (run.ok()) return run;
    auto told = tries.again(run.error());
    if (!told) return run;
    report.warnings.push_back(std::move(*told));
  }
}

/// Of a run that could not begin: the machine denies what it needs, and somebody has to look.
void note_no_begin(const plan::Plan& plan, const RunOptions& options, const RunServices& services,
                   RunReport& report, const Error& error) {
  if (!error.is_grave()) return;
  report.status = "failed";
  report.exit_code = exit_code_of(error);
  for (const auto& node : plan.sinks) {
    SinkReport sink;
    sink.name = node.name;
    sink.from = node.from;
    sink.strategy = name_of(node.strategy);
    sink.guarantee = name_of(node.guarantee);
    note_error(sink, error);
    sink.error = plan.hidden.out_of(std::move(sink.error));
    report.sinks.push_back(std::move(sink));
  }
  auto record = record_of(plan, options, report);
  record.ended_at = services.clock->now();
  record.report = to_json(report);
  [[maybe_unused]] const auto begun = services.store->begin_run(record, {});
  [[maybe_unused]] const auto ended = services.store->finish_run(record, {});
  note_grave(services, report, error);
}

Result<RunReport> carry_out(const plan::Plan& plan, const RunOptions& options,
                            const RunServices& services, const RunWork& work) {
  auto report = begin_report(plan, options, services);
  if (!options.force) TRY(require_not_paused(*services.store, plan.pipeline));
  auto run_opened = opened(plan, options, services, report);
  if (!run_opened.ok()) note_no_begin(plan, options, services, report, run_opened.error());
  TRY(auto run, std::move(run_opened));
  run->log = RunLog::open(*services.files, log_path(plan.state, report.run_id), *services.clock,
                          plan.hidden);
  run->log->line("info", "run " + report.run_id.text() + " of " + plan.pipeline +
                             " begins, environment " + plan.environment + ", leat " +
                             services.leat_version);
  if (auto settled = retrying(*run, report, [&] { return recover(*run); }); !settled.ok()) {
    note_no_begin(plan, options, services, report, settled.error());
    return std::move(settled).error();
  }
  TRY(check_held(*run));
  TRY(services.store->begin_run(record_of(*run, report), {}));
  auto done = work ? work(*run, report) : run_before_hooks(*run);
  if (!work && done.ok()) done = run_slices(*run, report);
  if (!done.ok()) {
    // Whoever has taken its place has cleared away what it was at work with.
    if (auto held = run->workspace->require_lease(); !held.ok() && held.error().is_refused()) {
      done = std::move(held);
    }
  }
  const bool interrupted = run->cancelled() || (!done.ok() && done.error().is_cancelled());
  if (!done.ok()) note_stop(*run, report, done.error());
  for (const auto& node : plan.sinks) note_left_out(sink_of(report, *run, node.name), *run, node);
  TRY(drop_superseded(*run, report));
  take_said(*run, report);
  if (!work && !plan.is_rehearsal && options.keeps_contracts && has_published(report)) {
    for (auto& said : keep_contracts(*services.files, plan, sources_without_rows(report))) {
      report.warnings.push_back(std::move(said));
    }
  }
  const bool is_stopped = !done.ok() && !interrupted && report.slices == 0;
  TRY(finish(*run, report, interrupted ? run->signal() : 0, is_stopped ? &done.error() : nullptr,
             !work));
  if (is_stopped) return Error(done.error());
  return report;
}

}  // namespace

Status require_not_paused(state::Store& store, const std::string& pipeline) {
  TRY(const auto pauses, store.pauses());
  for (const auto& pause : pauses) {
    if (pause.pipeline != pipeline) continue;
    return Error(Fault::external, "pipeline `" + pipeline + "` is paused since " +
                                      format_instant(pause.at) + ", by " + pause.by +
                                      (pause.reason.empty() ? "" : ": " + pause.reason))
        .busy()
        .hint("`leat resume " + pipeline + "` lets it run again; `leat run --force` runs it once");
  }
  return {};
}

Result<RunReport> run_pipeline(const plan::Plan& plan, const RunOptions& options,
                               const RunServices& services) {
  return carry_out(plan, options, services, {});
}

Result<RunReport> run_around(const plan::Plan& plan, const RunOptions& options,
                             const RunServices& services, const RunWork& work) {
  return carry_out(plan, options, services, work);
}

}  // namespace leat::run
