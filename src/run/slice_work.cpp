#include "run/slice_work.hpp"

#include <utility>

#include "run/change_limits.hpp"
#include "run/drop_stage.hpp"
#include "run/on_error.hpp"
#include "run/dataset_reports.hpp"
#include "run/judge_sets.hpp"
#include "run/profile_rows.hpp"
#include "run/publish_id.hpp"
#include "run/score.hpp"
#include "run/target_place.hpp"

namespace leat::run {

SliceWork::SliceWork(LiveRun& run, SliceOrder& order) : x_run(run), x_order(order) {
  for (const auto& name : order.sinks) {
    const auto& sink = *run.plan.sink(name);
    x_needed.insert(sink.upstream.begin(), sink.upstream.end());
    x_needed.insert(sink.consulted.begin(), sink.consulted.end());
  }
}

Result<SliceReport> SliceWork::look(const std::string& dataset, const StageTarget& into,
                                    QuarantineSpool* aside) {
  x_look = {dataset, into};
  x_aside = aside;
  TRY(run_passes());
  return std::move(x_report);
}

Result<std::vector<WouldPublish>> SliceWork::diff() {
  x_is_diff = true;
  TRY(plan_publishes());
  auto found = stage_all();
  auto would = found.ok() ? ask_targets() : Result<std::vector<WouldPublish>>(found.error());
  drop_all();
  return would;
}

Result<SliceReport> SliceWork::execute() {
  TRY(plan_publishes());
  auto done = stage_all();
  if (done.ok()) done = complete_positions();
  if (!done.ok()) {
    drop_all();
    return std::move(done).error();
  }
  TRY(publish_all());
  return std::move(x_report);
}

Status SliceWork::plan_publishes() {
  std::vector<state::PublishRecord> records;
  for (const auto& name : x_order.sinks) {
    StagedSink staged;
    staged.node = x_run.plan.sink(name);
    staged.sink = x_run.sinks.at(name).get();
    staged.record.publish_id =
        publish_id_after(x_order.heads.at(name).publish_id, *x_run.services.clock);
    staged.record.run_id = x_run.run_id;
    staged.record.lane = x_run.lane_of(name);
    staged.record.planned_at = x_run.services.clock->now();
    staged.record.pipeline_file = x_run.plan.file.string();
    staged.record.place = place_of(*staged.sink, x_run.plan.root);
    records.push_back(staged.record);
    x_sinks.push_back(std::move(staged));
  }
  return x_run.services.store->plan_publishes(records);
}

Status SliceWork::stage_all() {
  TRY(run_passes());
  TRY(leave_out_sinks());
  TRY(judge_sets(x_run, x_kept, x_report.datasets));
  TRY(profile_datasets(x_run, x_kept, x_report.datasets));
  TRY(seal_sinks());
  const auto weights = weights_of(x_run.plan.policy);
  for (auto& dataset : x_report.datasets) {
    dataset.score = score_of(dataset.outcome.checks, weights);
  }
  return seal_quarantine();
}

/// Somebody goes on from there: a sink that is published, or the next slice.
bool SliceWork::is_position_needed(const std::string& source) const {
  return std::any_of(x_sinks.begin(), x_sinks.end(),
                     [&](const auto& sink) { return plan::Plan::needs(*sink.node, source); }) ||
         std::any_of(x_order.sinks.begin(), x_order.sinks.end(), [&](const auto& name) {
           return x_run.plan.sink(name)->growing_source == source;
         });
}

/// By what the sources have learned while their rows were read.
Status SliceWork::complete_positions() {
  for (auto& [name, slice] : x_order.slices) {
    const auto* node = x_run.plan.source(name);
    if (node == nullptr || !is_position_needed(name)) continue;
    auto after = x_run.sources.at(stand_in(x_run, *node).name)->position_after(slice);
    if (!after.ok()) {
      note_failed(x_run, name, after.error());
      return std::move(after).error().during("while reading source " + name);
    }
    slice.after = std::move(after).value();
  }
  return {};
}

Status SliceWork::seal_sinks() {
  for (auto& sink : x_sinks) {
    auto staged = sink.sink->seal();
    if (!staged.ok()) return std::move(staged).error().during("while sealing " + sink.node->name);
    sink.staged = std::move(staged).value();
    TRY(set_refused_aside(sink));
  }
  return {};
}

void SliceWork::drop(StagedSink& sink) {
  drop_stage(x_run, sink.record);
  sink.record.status = state::PublishStatus::discarded;
}

/// As if it had not been: what its rows left out may be part of the next try.
void SliceWork::drop_all() {
  x_run.skipped = x_skipped_before;
  std::vector<state::PublishRecord> records;
  for (auto& sink : x_sinks) {
    drop(sink);
    records.push_back(sink.record);
  }
  for (const auto& segment : x_report.segments) {
    [[maybe_unused]] const auto removed = x_run.services.files->remove(segment);
  }
  [[maybe_unused]] const auto settled = x_run.services.store->settle(records);
}

}  // namespace leat::run
