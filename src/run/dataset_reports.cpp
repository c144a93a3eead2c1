#include "run/dataset_reports.hpp"

#include <optional>
#include <utility>

#include "run/outcome.hpp"

namespace leat::run {
namespace {

/// What the contract of a source has to say of the columns that were found; nothing when they fit.
std::optional<CheckOutcome> judge_contract(const plan::SourceNode& source) {
  if (source.drift.changes.empty()) return std::nullopt;
  const bool holds = source.contract->on_drift == plan::OnDrift::hold;
  CheckOutcome outcome;
  outcome.dataset = source.name;
  outcome.id = "contract";
  outcome.dimension = name_of(Dimension::validity);
  outcome.on_fail = name_of(holds ? OnFail::hold : OnFail::warn);
  outcome.severity = name_of(Severity::medium);
  outcome.verdict = holds ? Verdict::hold : Verdict::warn;
  outcome.rows_failed = holds ? 1 : 0;
  for (const auto& change : source.drift.changes) {
    outcome.value += (outcome.value.empty() ? "" : ", ") + plan::describe(change);
  }
  return outcome;
}

/// The receipt says that another source was read, and why.
CheckOutcome tell_fallback(const LiveRun& run, const plan::SourceNode& source,
                           const std::string& why) {
  CheckOutcome outcome;
  outcome.dataset = source.name;
  outcome.id = run.breached.contains(source.name) ? "on_breach" : "on_error";
  outcome.dimension = name_of(Dimension::timeliness);
  outcome.on_fail = name_of(OnFail::warn);
  outcome.severity = name_of(Severity::high);
  outcome.verdict = Verdict::warn;
  outcome.value = "fallback " + source.on_error.fallback + ": " + why;
  return outcome;
}

DatasetReport blank_report(const std::string& name, const char* kind,
                           const std::vector<Check>& checks, const engine::DatasetCounts& counts) {
  DatasetReport dataset;
  dataset.name = name;
  dataset.kind = kind;
  dataset.outcome = judge_dataset(checks, counts);
  return dataset;
}

/// Of what the pass has made.
void measure(DatasetReport& dataset, const engine::PassReport& report) {
  dataset.measured = true;
  dataset.statistics = report.statistics;
  dataset.gauges = report.gauges;
  dataset.gathered = report.gathered;
}

DatasetReport report_source(const LiveRun& run, const plan::SourceNode& source,
                            const engine::DatasetCounts& counts) {
  auto dataset = blank_report(source.name, "source", source.checks, counts);
  if (auto kept = judge_contract(source)) dataset.outcome.checks.push_back(std::move(*kept));
  if (const auto why = run.replaced.find(source.name); why != run.replaced.end()) {
    dataset.outcome.checks.push_back(tell_fallback(run, source, why->second));
  }
  return dataset;
}

}  // namespace

std::vector<DatasetReport> dataset_reports(const LiveRun& run, const plan::PassNode& node,
                                           const engine::PassReport& report, const Spools& spools) {
  std::vector<DatasetReport> found;
  for (const auto& counts : report.inputs) {
    const auto* step = run.plan.model(counts.dataset);
    const auto* source = run.plan.source(counts.dataset);
    if (step != nullptr && step->step && counts.dataset == node.dataset) {
      found.push_back(blank_report(step->name, "step", step->checks, counts));
    } else if (source != nullptr && !spools.contains(source->name)) {
      found.push_back(report_source(run, *source, counts));
    } else {
      continue;
    }
    if (counts.dataset == node.dataset) measure(found.back(), report);
  }
  const auto* model = run.plan.model(node.dataset);
  if (model != nullptr && !model->step) {
    found.push_back(blank_report(model->name, "model", model->checks, report.output));
    measure(found.back(), report);
  }
  for (auto& dataset : found) {
    const auto notes = run.plan.notes.find(dataset.name);
    if (notes != run.plan.notes.end()) dataset.notes = notes->second;
  }
  return found;
}

}  // namespace leat::run
