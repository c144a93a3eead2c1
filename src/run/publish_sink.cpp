#include "run/publish_sink.hpp"

#include <algorithm>

#include "base/crash_point.hpp"
#include "plan/params.hpp"
#include "plan/passes.hpp"
#include "run/accounting.hpp"
#include "run/drop_stage.hpp"
#include "run/held.hpp"
#include "run/publish_held.hpp"

namespace leat::run {
namespace {

GatePolicy gate_policy(const plan::Policy& policy) {
  GatePolicy gate;
  gate.max_quarantine = policy.max_quarantine;
  gate.min_score = policy.min_score;
  gate.on_breach = on_breach_of(policy);
  gate.weights = weights_of(policy);
  return gate;
}

/// What it rests on, and what its checks consulted.
std::vector<const DatasetOutcome*> upstream(const PublishInput& input) {
  std::vector<const DatasetOutcome*> out;
  for (const auto& dataset : *input.datasets) {
    if (plan::Plan::needs(*input.staged->node, dataset.name)) out.push_back(&dataset.outcome);
  }
  return out;
}

std::vector<CheckOutcome> outcomes_of(const std::vector<const DatasetOutcome*>& datasets) {
  std::vector<CheckOutcome> out;
  for (const auto* dataset : datasets) {
    out.insert(out.end(), dataset->checks.begin(), dataset->checks.end());
  }
  return out;
}

bool rests_on(const plan::Plan& plan, const std::string& dataset, const std::string& source) {
  if (dataset == source) return true;
  const auto* model = plan.model(dataset);
  return model != nullptr &&
         std::any_of(model->inputs.begin(), model->inputs.end(),
                     [&](const auto& name) { return rests_on(plan, name, source); });
}

/// All but the source that is read from a position on, and what rests on it. A source that does
/// not grow is read again from its start when it is another one now.
std::vector<std::string> read_whole(const LiveRun& run, const PublishInput& input) {
  if (run.replayed.contains(input.staged->node->name)) return {};
  const auto& plan = run.plan;
  const auto& growing = input.staged->node->growing_source;
  const bool grows = !growing.empty() && plan.source(growing)->spec->grows();
  std::vector<std::string> names;
  for (const auto* dataset : upstream(input)) {
    const auto& name = dataset->counts.dataset;
    if (!grows || !rests_on(plan, name, growing)) names.push_back(name);
  }
  for (const auto& [source, rows] : run.no_items) {
    if (!plan::Plan::needs(*input.staged->node, source)) continue;
    for (const auto& name :
         plan::upstream_of(plan.source(source)->items->node, plan.sources, plan.models)) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

/// Whose place it has taken, and what it has appended once stays known.
void note_lane(const LiveRun& run, const plan::SinkNode& node, Receipt& receipt) {
  const auto start = run.starts.find(node.name);
  if (start == run.starts.end()) return;
  receipt.took_over = start->second.took_over;
  if (node.strategy != Strategy::append) return;
  if (!node.growing_source.empty()) receipt.appended.push_back(node.growing_source);
  for (const auto& [source, position] : start->second.past) {
    if (receipt.position.emplace(source, position).second) receipt.appended.push_back(source);
  }
}

/// Rows of the quarantine move no source on.
void note_inputs(const LiveRun& run, const PublishInput& input, Receipt& receipt) {
  const auto& node = *input.staged->node;
  if (const auto replayed = run.replayed.find(node.name); replayed != run.replayed.end()) {
    receipt.replay = replayed->second;
    return;
  }
  for (const auto& name : node.upstream) {
    if (const auto slice = input.slices->find(name); slice != input.slices->end()) {
      receipt.position[name] = slice->second.after;
    }
  }
  note_lane(run, node, receipt);
}

Receipt write_receipt(const LiveRun& run, const PublishInput& input, const Accounts& accounts) {
  Receipt receipt;
  receipt.publish_id = input.staged->record.publish_id;
  receipt.previous_publish_id = input.head->publish_id;
  receipt.counter = input.head->counter + 1;
  receipt.lane = input.staged->record.lane;
  receipt.run_id = run.run_id;
  receipt.strategy = name_of(input.staged->node->strategy);
  note_inputs(run, input, receipt);
  receipt.read_whole = read_whole(run, input);
  receipt.rows_read = accounts.read;
  receipt.rows_published = accounts.published;
  receipt.rows_quarantined = accounts.quarantined;
  receipt.rows_filtered = accounts.filtered;
  receipt.rows_deduplicated = accounts.deduplicated;
  receipt.row_wise = accounts.row_wise;
  receipt.checksum = input.pass->statistics.checksum;
  receipt.quarantine = input.staged->segments;
  receipt.statistics = kernels::to_json(input.pass->statistics);
  receipt.pipeline_version = run.plan.version;
  receipt.started_at = input.staged->record.planned_at;
  receipt.leat_version = run.services.leat_version;
  return receipt;
}

/// The history of the columns goes with the receipts.
Status note_columns(LiveRun& run, const PublishInput& input, Receipt& receipt) {
  receipt.columns = columns_under(run.plan, *input.staged->node);
  if (input.head->counter == 0) return {};
  TRY(const auto last, input.staged->sink->last_receipt(receipt.lane));
  if (last) receipt.schema_changes = changes_between(last->columns, receipt.columns);
  return {};
}

SinkReport begin_report(const PublishInput& input, const PublishDecision& decision) {
  const auto& node = *input.staged->node;
  SinkReport report;
  report.name = node.name;
  report.from = node.from;
  report.place = input.staged->sink->place();
  report.how_to_look = input.staged->sink->how_to_look();
  report.strategy = name_of(node.strategy);
  report.guarantee = name_of(node.guarantee);
  report.receipt = decision.receipt;
  report.reasons = decision.gate.reasons;
  return report;
}

/// Of a commit that broke.
enum class Fate { published, not_published, unknown };

/// The ledger knows whether it happened; but what a failing disk shows it need not keep.
Fate fate_of(const StagedSink& staged, const Error& broke, Receipt& receipt) {
  auto found = staged.sink->find(staged.record.publish_id);
  if (!found.ok()) return Fate::unknown;
  if (!found.value()) return Fate::not_published;
  if (broke.is_grave()) return Fate::unknown;
  receipt = *found.value();
  return Fate::published;
}

void end_failed(LiveRun& run, StagedSink& staged) {
  staged.record.status = state::PublishStatus::failed;
  drop_stage(run, staged.record);
}

void note_failure(SinkReport& report, const Error& error) {
  note_error(report, error);
  if (!error.hint_text().empty()) report.error += "; " + error.hint_text();
}

void fail(LiveRun& run, SinkReport& report, StagedSink& staged, const Error& error) {
  note_failure(report, error);
  end_failed(run, staged);
}

/// It stays planned, so the next run asks the target again.
void fail_unknown(SinkReport& report, StagedSink& staged, const Error& error) {
  note_failure(report, error);
  [[maybe_unused]] const auto dropped = staged.sink->discard(staged.record.publish_id);
  report.is_unknown = true;
  report.error += "; it may be published all the same: the next run finds out";
  staged.record.status = state::PublishStatus::planned;
}

Status write_hold(LiveRun& run, const SinkReport& report, StagedSink& staged) {
  Held held;
  held.folder = held_folder(run.plan.artifacts, staged.record.publish_id);
  held.receipt = report.receipt;
  held.reasons = report.reasons;
  held.pipeline_file = run.plan.file;
  held.environment = run.plan.environment;
  held.variables = plan::without_secrets(run.options.variables);
  TRY(run.services.files->create_folders(held.folder));
  held.place = staged.record.place;
  held.columns = held_columns(run.plan, staged.node->from);
  TRY(held.rows, staged.sink->hold(held.folder));
  TRY(held.rows_digest, io::sha256_of_file(*run.services.files, held.rows));
  TRY(write_held(*run.services.files, held));
  staged.record.held_file = held.rows.string();
  return {};
}

/// What was not held whole goes, but for rows that are nowhere else.
Error without_hold(const LiveRun& run, const StagedSink& staged, Error error) {
  const auto folder = held_folder(run.plan.artifacts, staged.record.publish_id);
  auto& files = *run.services.files;
  if (has_held_rows(files, folder) && is_read_once(run.plan, *staged.node)) {
    return std::move(error).with("rows_stay_in", folder.string());
  }
  [[maybe_unused]] const auto removed = remove_held(files, folder);
  return error;
}

void hold(LiveRun& run, SinkReport& report, StagedSink& staged) {
  if (auto held = write_hold(run, report, staged); !held.ok()) {
    return fail(run, report, staged, without_hold(run, staged, held.error()));
  }
  report.verdict = SinkVerdict::held;
  staged.record.status = state::PublishStatus::held;
  staged.record.receipt = to_json(report.receipt);
}

/// The target is as it was; the stage is sealed still.
void refuse_change(LiveRun& run, SinkReport& report, StagedSink& staged) {
  report.reasons = staged.change->reasons;
  if (staged.change->falls_back) return;
  if (staged.change->on_breach != OnBreach::fail) return hold(run, report, staged);
  report.verdict = SinkVerdict::failed;
  end_failed(run, staged);
}

void commit(LiveRun& run, SinkReport& report, StagedSink& staged) {
  if (auto held = run.workspace->require_lease(); !held.ok()) {
    return fail(run, report, staged, held.error());
  }
  report.receipt.committed_at = run.services.clock->now();
  crash_point("publish.commit.before");
  const auto committed = staged.sink->commit(report.receipt);
  crash_point("publish.commit.after");
  if (!committed.ok() && staged.change && staged.change->is_refused) {
    return refuse_change(run, report, staged);
  }
  if (!committed.ok()) {
    const auto fate = fate_of(staged, committed.error(), report.receipt);
    if (fate == Fate::not_published) return fail(run, report, staged, committed.error());
    if (fate == Fate::unknown) return fail_unknown(report, staged, committed.error());
  }
  if (staged.change) report.warnings = staged.change->reasons;
  if (committed.ok()) report.receipt.changes = committed.value();
  report.verdict = SinkVerdict::published;
  report.changes = report.receipt.changes;
  report.published = report.receipt.rows_published;
  report.publishes = 1;
  staged.record.status = state::PublishStatus::committed;
  staged.record.receipt = to_json(report.receipt);
}

}  // namespace

bool is_read_once(const plan::Plan& plan, const plan::SinkNode& node) {
  return std::any_of(node.upstream.begin(), node.upstream.end(), [&](const auto& name) {
    const auto* source = plan.source(name);
    return source != nullptr && source->spec->replay() == Replay::none;
  });
}

Weights weights_of(const plan::Policy& policy) {
  auto weights = default_weights();
  for (const auto& [dimension, weight] : policy.weights) weights[dimension] = weight;
  return weights;
}

namespace {

Refusals refusals_of(const std::vector<PublishInput>& inputs, const PublishInput& own) {
  Refusals refusals;
  for (const auto& input : inputs) {
    if (input.staged == own.staged) {
      refusals.own = input.staged->refused;
    } else if (plan::Plan::needs(*own.staged->node, input.staged->node->from)) {
      refusals.others += input.staged->refused;
    }
  }
  return refusals;
}

DatasetColumns columns_of(const plan::Plan& plan, const std::string& dataset,
                          const data::Schema& schema) {
  DatasetColumns out{dataset, {}, {}};
  for (const auto& column : schema.columns) {
    out.columns.emplace_back(column.name, data::sql_of(column.type));
    auto units = plan.note(dataset, column.name).units;
    if (!units.empty()) out.units[column.name] = std::move(units);
  }
  return out;
}

void add_new(const std::vector<std::string>& said, std::vector<std::string>& all) {
  for (const auto& one : said) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  }
}

/// Numbers of two units in one column are told, whatever else becomes of them.
void warn_of_units(const Receipt& receipt, std::vector<std::string>& warnings) {
  for (const auto& change : receipt.schema_changes) {
    if (change.units_from == change.units_to) continue;
    const auto now =
        change.units_to.empty() ? "no units are said of it" : "it is in " + change.units_to;
    auto told = change.dataset + "." + change.column + " was in " + change.units_from +
                " at the publish before, and now " + now;
    if (receipt.strategy != name_of(Strategy::replace)) told += "; rows of before may stay";
    add_new({std::move(told)}, warnings);
  }
}

}  // namespace

std::vector<DatasetColumns> columns_under(const plan::Plan& plan, const plan::SinkNode& node) {
  std::vector<DatasetColumns> out;
  for (const auto& name : node.upstream) {
    if (const auto* source = plan.source(name)) {
      const bool fits = source->drift.changes.empty();
      out.push_back(columns_of(plan, name, fits ? source->judged : source->drift.shape.found));
    } else if (name == node.from) {
      out.push_back(columns_of(plan, name, plan.model(name)->schema));
    }
  }
  return out;
}

Result<Decisions> decide_all(LiveRun& run, const std::vector<PublishInput>& inputs) {
  Decisions decisions;
  const auto policy = gate_policy(run.plan.policy);
  for (const auto& input : inputs) {
    TRY(const auto accounts,
        close_accounts(run.plan, *input.staged->node, *input.datasets, *input.pass,
                       input.staged->staged, refusals_of(inputs, input)));
    const auto datasets = upstream(input);
    PublishDecision decision;
    decision.receipt = write_receipt(run, input, accounts);
    TRY(note_columns(run, input, decision.receipt));
    decision.receipt.checks = outcomes_of(datasets);
    const auto score = score_of(decision.receipt.checks, policy.weights);
    decision.receipt.score = score.total;
    decision.gate = decide(datasets, score, policy);
    add_new(decision.gate.warnings, decisions.warnings);
    add_new(decision.gate.check_warnings, decisions.check_warnings);
    warn_of_units(decision.receipt, decisions.warnings);
    decisions.plans.push_back(std::move(decision));
  }
  return decisions;
}

SinkReport publish_sink(LiveRun& run, const PublishInput& input, const PublishDecision& decision) {
  auto report = begin_report(input, decision);
  auto& staged = *input.staged;
  if (run.cancelled()) {
    fail(run, report, staged, Error(Fault::external, "interrupted before the commit").cancelled());
    return report;
  }
  switch (decision.gate.verdict) {
    case Verdict::pass:
    case Verdict::warn: commit(run, report, staged); break;
    case Verdict::hold: hold(run, report, staged); break;
    case Verdict::fail:
      report.verdict = SinkVerdict::failed;
      end_failed(run, staged);
      break;
  }
  return report;
}

}  // namespace leat::run
