#include "run/slice_work.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "run/change_limits.hpp"
#include "run/dataset_reports.hpp"
#include "run/on_error.hpp"
#include "run/skips.hpp"
#include "run/step_rows.hpp"
#include "run/target_lanes.hpp"

namespace leat::run {

Status SliceWork::run_passes() {
  x_spool = std::make_unique<QuarantineSpool>(*x_run.services.files, x_run.workspace->scratch(),
                                              segments_folder(x_run.plan));
  if (x_aside == nullptr) x_aside = x_spool.get();
  for (const auto& node : x_run.plan.passes) {
    if (!x_needed.contains(node.dataset)) continue;
    TRY(const bool part, is_part(node));
    if (!part) continue;
    if (auto done = run_one(node); !done.ok()) {
      return std::move(done).error().during("while running node " + node.dataset);
    }
  }
  return {};
}

/// Conditions are asked when everything before has run; what is left out takes with it those
/// that cannot go without.
Result<bool> SliceWork::is_part(const plan::PassNode& node) {
  if (skipped(x_run, node.dataset)) return false;
  const auto* model = x_run.plan.model(node.dataset);
  if (model != nullptr) {
    TRY(const bool part, holds(*x_run.session, model->when, model->name));
    if (!part) {
      skip(x_run, model->name, model->name + " is left out: when " + model->when.written);
      return false;
    }
  }
  auto read = model != nullptr && model->step ? model->inputs : node.inputs;
  read.insert(read.end(), node.consults.begin(), node.consults.end());
  for (const auto& name : read) {
    const auto why = skipped(x_run, name);
    if (!why || leaves_empty(name)) continue;
    skip(x_run, node.dataset, *why);
    return false;
  }
  return true;
}

bool SliceWork::leaves_empty(const std::string& dataset) const {
  const auto* source = x_run.plan.source(dataset);
  return source ? source->when.leaves_empty : x_run.plan.model(dataset)->when.leaves_empty;
}

Result<std::optional<std::string>> SliceWork::why_left_out(const StagedSink& sink) const {
  auto why = skipped_below(x_run, *sink.node);
  if (why) return why;
  TRY(const bool part, holds(*x_run.session, sink.node->when, sink.node->name));
  if (!part) why = sink.node->name + " is left out: when " + sink.node->when.written;
  return why;
}

void SliceWork::leave_out(StagedSink& sink, std::string why) {
  drop(sink);
  SinkReport report;
  report.name = sink.node->name;
  report.from = sink.node->from;
  report.place = sink.sink->place();
  report.how_to_look = sink.sink->how_to_look();
  report.strategy = name_of(sink.node->strategy);
  report.guarantee = plan::name_of(sink.node->guarantee);
  report.reasons.push_back(std::move(why));
  x_report.sinks.push_back(std::move(report));
}

/// Sinks that something was left out for, or whose own condition does not hold, stay unchanged.
Status SliceWork::leave_out_sinks() {
  std::vector<std::optional<std::string>> reasons;
  for (const auto& sink : x_sinks) {
    TRY(auto why, why_left_out(sink));
    reasons.push_back(std::move(why));
  }
  std::vector<StagedSink> staying;
  std::vector<state::PublishRecord> records;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (!reasons[i]) {
      staying.push_back(std::move(x_sinks[i]));
      continue;
    }
    leave_out(x_sinks[i], std::move(*reasons[i]));
    records.push_back(x_sinks[i].record);
  }
  x_sinks = std::move(staying);
  return records.empty() ? Status() : x_run.services.store->settle(records);
}

Status SliceWork::run_one(const plan::PassNode& node) {
  x_run.step(node.dataset);
  const auto began = x_run.services.clock->steady();  // A step's program runs before its pass.
  TRY(auto pass, build_pass(x_run, node, x_order, x_spools, x_kept));
  for (auto& sink : x_sinks) {
    if (sink.node->from != node.dataset) continue;
    PublishPlan plan{sink.record.publish_id, sink.record.lane,
                     sink.node->strategy,    node.schema,
                     sink.node->options,     expected_others(x_run, *sink.node)};
    if (x_is_diff) {
      plan.measures_columns = true;
      plan.judge = only_looks(x_found[sink.node->name]);
    } else {
      sink.change = change_verdict(x_run.plan.policy, *sink.node);
      if (sink.change) {
        sink.change->falls_back = falls_back(*sink.node);
        plan.judge = judge_of(sink.change);
      }
    }
    plan.keeps_rows = keeps_rows(sink);
    TRY(auto target, sink.sink->stage(plan));
    pass.stages.push_back(std::move(target));
  }
  if (x_look && x_look->first == node.dataset) pass.stages.push_back(x_look->second);
  const bool keep = node.kept || (x_run.plan.policy.profile && !node.sinks.empty());
  auto kept = keep ? readable_stage(pass.stages) : std::nullopt;
  StageTarget spool;
  if (node.spooled || (keep && !kept)) {
    TRY(spool, make_spool(x_run, node.dataset, node.schema));
    pass.stages.push_back(spool);
    if (keep && !kept) kept = spool;
  }
  if (kept) x_kept.emplace(node.dataset, std::move(*kept));
  std::vector<StepInput> steps;
  for (const auto& step : node.steps) {
    TRY(auto input, step_input(x_run, *x_run.plan.model(step), node.schema));
    steps.push_back(std::move(input));
    pass.stages.push_back(steps.back().stage);
  }
  TRY(auto report, engine::run_pass(pass, pass_context()));
  note(node, std::move(report), x_run.services.clock->steady() - began);
  if (asks_for_counts()) {
    for (const auto& dataset : x_report.datasets) {
      TRY(tell_counts(*x_run.session, dataset.outcome.counts));
    }
  }
  if (node.spooled) x_spools.emplace(node.dataset, std::move(spool));
  return {};
}

/// What nobody judges is not held, and what can be read again need not be kept.
bool SliceWork::keeps_rows(const StagedSink& sink) const {
  if (x_run.plan.is_measured || x_run.keeps_rows || sink.change) return true;
  return is_read_once(x_run.plan, *sink.node);
}

bool SliceWork::asks_for_counts() const {
  const auto& plan = x_run.plan;
  return std::any_of(plan.models.begin(), plan.models.end(),
                     [](const auto& model) { return !model.needs.empty(); }) ||
         std::any_of(plan.sinks.begin(), plan.sinks.end(),
                     [](const auto& sink) { return !sink.when.needs.empty(); });
}

engine::PassContext SliceWork::pass_context() const {
  engine::PassContext context;
  context.session = x_run.session.get();
  context.bad_rows = x_aside;
  context.cancel = x_run.services.cancel;
  context.batch_rows = x_run.options.batch_rows;
  context.on_progress = x_run.services.events.on_progress;
  return context;
}

void SliceWork::note(const plan::PassNode& node, engine::PassReport report, Micros elapsed) {
  for (auto& dataset : dataset_reports(x_run, node, report, x_spools)) {
    dataset.elapsed = elapsed;
    if (x_run.log) x_run.log->dataset(dataset);
    for (const auto& said : dataset.outcome.counts.said) {
      x_report.warnings.push_back(dataset.name + ": " + said);
    }
    x_report.datasets.push_back(std::move(dataset));
  }
  x_report.queries.push_back(x_run.plan.hidden.out_of(node.select));
  x_passes.emplace(node.dataset, std::move(report));
}

}  // namespace leat::run
