#include "run/slice_work.hpp"

#include <algorithm>
#include <utility>

namespace leat::run {

/// What a target would not take goes the way of a row that failed a check.
Status SliceWork::set_refused_aside(StagedSink& sink) {
  const auto refused = std::exchange(sink.staged.refused, {});
  sink.refused = refused.size();
  if (refused.empty()) return {};
  const auto& from = sink.node->from;
  CheckOutcome outcome;
  outcome.dataset = from;
  outcome.id = "refused(" + sink.node->name + ")";
  outcome.dimension = name_of(Dimension::validity);
  outcome.on_fail = name_of(OnFail::quarantine);
  outcome.severity = name_of(Severity::medium);
  outcome.rows_judged = sink.staged.rows + refused.size();
  outcome.rows_failed = refused.size();
  std::vector<BadRow> rows;
  for (const auto& row : refused) {
    BadRow bad;
    bad.dataset = from;
    bad.failed_checks = {outcome.id};
    bad.message = row.message;
    bad.raw = row.raw;
    rows.push_back(std::move(bad));
  }
  TRY(x_spool->add(std::move(rows)));
  for (auto& dataset : x_report.datasets) {
    if (dataset.name != from) continue;
    dataset.outcome.counts.quarantined += refused.size();
    dataset.outcome.checks.push_back(std::move(outcome));
    break;
  }
  return {};
}

Status SliceWork::seal_quarantine() {
  for (const auto& dataset : x_report.datasets) {
    TRY(seal_segment(*x_spool, dataset.name, dataset.name));
  }
  const auto& sinks = x_run.plan.sinks;
  for (const auto& [source, spool] : x_run.no_items) {
    for (const auto& dataset : spool->datasets()) {
      const bool is_read_again = std::any_of(sinks.begin(), sinks.end(), [&](const auto& sink) {
        return plan::Plan::needs(sink, dataset);
      });
      if (!is_read_again) TRY(seal_segment(*spool, dataset, source));
    }
  }
  return {};
}

/// A segment bears the publish id of the first sink that rests on its dataset; of rows that are
/// no items, on the source that would read them.
Status SliceWork::seal_segment(QuarantineSpool& spool, const std::string& dataset,
                               const std::string& below) {
  const auto rows = spool.rows(dataset);
  if (rows == 0) return {};
  const auto owner = std::find_if(x_sinks.begin(), x_sinks.end(), [&](const auto& sink) {
    return plan::Plan::needs(*sink.node, below);
  });
  if (owner == x_sinks.end()) return {};  // Left out, all that rests on it.
  const auto& publish_id = owner->record.publish_id;
  const auto path = segment_path(x_run.plan, dataset, publish_id);
  TRY(spool.seal(*x_run.session, dataset, path, {x_run.plan.pipeline, x_run.run_id, publish_id}));
  x_report.segments.push_back(path.string());
  for (auto& sink : x_sinks) {
    if (!plan::Plan::needs(*sink.node, below)) continue;
    sink.segments.push_back({dataset, publish_id.text() + ".parquet", rows});
  }
  return {};
}

/// What a publish lists need not be listed again.
void SliceWork::forget_no_items() {
  std::erase_if(x_run.no_items, [&](const auto& entry) {
    return is_published(
        [&](const auto& sink) { return plan::Plan::needs(*sink.node, entry.first); });
  });
}

}  // namespace leat::run
