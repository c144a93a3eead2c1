#include "run/steps.hpp"

#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/counted.hpp"
#include "base/quantity.hpp"

namespace leat::run {
namespace {

std::string kind_of(const plan::Plan& plan, const std::string& name) {
  if (plan.source(name) != nullptr) return "source";
  if (const auto* model = plan.model(name)) return model->step ? "step" : "model";
  return plan.sink(name) != nullptr ? "sink" : "hook";
}

Instant began_at(const LiveRun& run, const std::string& node, Instant otherwise) {
  const auto found = run.began->find(node);
  return found == run.began->end() ? otherwise : found->second;
}

state::StepRecord step_of(const LiveRun& run, const RunReport& report,
                          const DatasetReport& dataset) {
  const auto& counts = dataset.outcome.counts;
  state::StepRecord step;
  step.run_id = run.run_id;
  step.node = dataset.name;
  step.kind = dataset.kind;
  step.state = "done";
  step.rows_in = counts.read;
  step.rows_out = counts.passed_on;
  step.rows_quarantined = counts.quarantined;
  step.started_at = began_at(run, dataset.name, report.started_at);
  step.ended_at = step.started_at + dataset.elapsed;
  return step;
}

state::StepRecord step_of(const LiveRun& run, const RunReport& report, const SinkReport& sink) {
  const auto& receipt = sink.receipt;
  state::StepRecord step;
  step.run_id = run.run_id;
  step.node = sink.name;
  step.kind = "sink";
  step.state = name_of(sink.verdict);
  step.rows_in = receipt.rows_read;
  step.rows_out = sink.published;
  step.rows_quarantined = receipt.rows_quarantined;
  const bool has_receipt = receipt.started_at != Instant{};
  step.started_at = has_receipt ? receipt.started_at : report.started_at;
  const bool is_committed = receipt.committed_at != Instant{};
  const auto ended = is_committed ? receipt.committed_at : report.started_at + report.elapsed;
  step.ended_at = std::max(step.started_at, ended);  // A clock may have gone back meanwhile.
  step.error = sink.error;
  for (const auto& reason : sink.reasons) step.error += (step.error.empty() ? "" : "; ") + reason;
  return step;
}

/// Of what a run set aside, how much never was to be a row, by dataset, as its report says.
Result<std::map<std::string, std::uint64_t>> above_records(state::Store& store, const Uuid& run) {
  std::map<std::string, std::uint64_t> rows;
  TRY(const auto record, store.run(run.text()));
  const auto report = nlohmann::json::parse(record.report, nullptr, false);
  if (!report.is_object() || !report.contains("nodes")) return rows;
  for (const auto& node : report["nodes"]) {
    const bool is_told = node.is_object() && node.contains("name") && node["name"].is_string() &&
                         node.contains("above_records") &&
                         node["above_records"].is_number_unsigned();
    if (is_told) rows[node["name"]] = node["above_records"];
  }
  return rows;
}

/// The bad rows that the last run that has ended before set aside, by dataset.
Result<std::map<std::string, std::uint64_t>> set_aside_before(const LiveRun& run) {
  constexpr std::size_t kLookedAt = 10;  // Others of the pipeline may go on meanwhile.
  auto& store = *run.services.store;
  std::map<std::string, std::uint64_t> rows;
  TRY(const auto records, store.runs(run.plan.pipeline, kLookedAt));
  for (const auto& record : records) {
    if (record.run_id == run.run_id || record.status == "running") continue;
    TRY(const auto steps, store.steps(record.run_id));
    TRY(auto above, above_records(store, record.run_id));
    for (const auto& step : steps) {
      if (step.kind == "sink") continue;
      rows[step.node] = step.rows_quarantined - std::min(above[step.node], step.rows_quarantined);
    }
    break;
  }
  return rows;
}

std::uint64_t bad_rows(const DatasetReport& dataset) {
  return dataset.outcome.counts.quarantined - dataset.outcome.counts.above_records;
}

Status note_event_of_growth(const LiveRun& run, const RunReport& report) {
  const auto& datasets = report.datasets;
  // A run without bad rows need not ask what those before had.
  if (std::all_of(datasets.begin(), datasets.end(), [](auto& one) { return bad_rows(one) == 0; })) {
    return {};
  }
  TRY(auto before, set_aside_before(run));
  std::string said;
  for (const auto& dataset : datasets) {
    const auto rows = bad_rows(dataset);
    if (rows <= before[dataset.name]) continue;
    said += (said.empty() ? "" : "; ") + dataset.name + ": " + counted(rows, "row") +
            " set aside, " + format_count(before[dataset.name]) + " by the run before";
  }
  if (said.empty()) return {};
  run.log->line("warn", "the quarantine grows: " + said);
  return run.services.store->note_event({run.services.clock->now(), "quarantine", report.pipeline,
                                         report.run_id.text(), std::move(said)});
}

void note_critical(const RunServices& services, const RunReport& report, std::string text) {
  [[maybe_unused]] const auto noted = services.store->note_event(
      {services.clock->now(), "critical", report.pipeline, report.run_id.text(), std::move(text)});
}

}  // namespace

void note_growth(const LiveRun& run, const RunReport& report) {
  if (report.segments.empty() || run.options.lane == kReplayLane) return;
  [[maybe_unused]] const auto noted = note_event_of_growth(run, report);
}

void note_grave(const LiveRun& run, const RunReport& report) {
  const auto sink = std::find_if(report.sinks.begin(), report.sinks.end(),
                                 [](const auto& one) { return one.is_grave; });
  if (sink == report.sinks.end()) return;
  auto text = "sink " + sink->name + ": " + sink->error;
  run.log->line("error", "critical: " + text);
  note_critical(run.services, report, std::move(text));
}

void note_grave(const RunServices& services, const RunReport& report, const Error& error) {
  if (error.is_grave()) note_critical(services, report, error.text());
}

void note_step(const LiveRun& run, const std::string& node) {
  const auto now = run.services.clock->now();
  if (!run.began->emplace(node, now).second) return;  // It has begun with an earlier slice.
  state::StepRecord step;
  step.run_id = run.run_id;
  step.node = node;
  step.kind = kind_of(run.plan, node);
  step.state = "running";
  step.started_at = now;
  [[maybe_unused]] const auto noted = run.services.store->note_step(step);
}

std::vector<state::StepRecord> steps_of(const LiveRun& run, const RunReport& report) {
  std::vector<state::StepRecord> steps;
  for (const auto& dataset : report.datasets) steps.push_back(step_of(run, report, dataset));
  for (const auto& sink : report.sinks) steps.push_back(step_of(run, report, sink));
  return steps;
}

Status end_killed(state::Store& store, const Clock& clock, state::RunRecord record) {
  TRY(auto steps, store.steps(record.run_id));
  for (auto& step : steps) {
    if (step.state == "running") step.state = "crashed";
  }
  record.status = "crashed";
  record.ended_at = std::max(record.started_at, clock.now());
  record.exit_code = 128 + SIGKILL;
  return store.finish_run(record, steps);
}

Status end_crashed_runs(LiveRun& run) {
  auto& store = *run.services.store;
  TRY(const auto records, store.unfinished_runs(run.plan.pipeline));
  for (const auto& record : records) {
    if (record.run_id == run.run_id) continue;
    TRY(const bool under_way, is_under_way(run, record.run_id));
    if (under_way) continue;
    TRY(end_killed(store, *run.services.clock, record));
    TRY(store.note_event({run.services.clock->now(), "crash", record.pipeline, record.run_id.text(),
                          "the run was killed; the next one has settled what it left"}));
  }
  return {};
}

}  // namespace leat::run
