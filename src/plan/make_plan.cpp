#include "plan/make_plan.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "engine/sql.hpp"
#include "plan/column_notes.hpp"
#include "plan/cursors.hpp"
#include "plan/draft.hpp"
#include "plan/judge_items.hpp"
#include "plan/own_output.hpp"
#include "plan/passes.hpp"
#include "plan/plan_checks.hpp"
#include "plan/plan_intervals.hpp"
#include "plan/plan_models.hpp"
#include "plan/plan_sinks.hpp"
#include "plan/plan_sources.hpp"
#include "plan/slices.hpp"

namespace leat::plan {
namespace {

Draft begin_draft(const PipelineFile& file) {
  Draft draft;
  for (const auto& source : file.sources) draft.names.push_back(source.node.name);
  for (const auto& model : file.models) {
    draft.names.push_back(model.name);
    DraftModel one;
    one.name = model.name;
    one.key = model.key;
    if (model.sql) one.sql = *model.sql;
    if (model.contract) one.contract = &*model.contract;
    one.when = model.when;
    one.when_node = model.when_node;
    one.needs = model.when.needs;
    for (const auto& name : nodes_named(one.sql.written)) {
      if (std::find(one.needs.begin(), one.needs.end(), name) == one.needs.end()) {
        one.needs.push_back(name);
      }
    }
    draft.models.push_back(std::move(one));
  }
  for (const auto& step : file.steps) {
    draft.names.push_back(step.name);
    DraftModel one;
    one.name = step.name;
    one.key = step.key;
    one.step = &step;
    one.when = step.when;
    one.when_node = step.when_node;
    one.needs = step.when.needs;
    draft.models.push_back(std::move(one));
  }
  return draft;
}

std::vector<Check> take_checks(ChecksByDataset& checks, const std::string& dataset) {
  const auto found = checks.find(dataset);
  return found == checks.end() ? std::vector<Check>() : std::move(found->second);
}

void warn_of(const DraftSource& source, Plan& plan) {
  Diagnostic warning;
  warning.place = source.contract->read_with.front().key.place;
  warning.message = "source " + source.node.name + ": " + source.remark;
  plan.warnings.push_back(std::move(warning));
}

void take_sources(Draft& draft, ChecksByDataset& checks, Plan& plan) {
  for (auto& source : draft.sources) {
    if (!source.spec || !source.schema) continue;
    SourceNode node;
    if (!source.remark.empty()) warn_of(source, plan);
    node.name = source.node.name;
    node.connector = source.node.connector;
    node.spec = source.spec;
    node.schema = *source.schema;
    node.checks = take_checks(checks, source.node.name);
    node.judged = *source.judged;
    node.contract = std::move(source.contract);
    node.found_options = std::move(source.found_options);
    node.left_open = std::move(source.left_open);
    node.drift = std::move(source.drift);
    node.visible = std::move(source.visible);
    node.when = source.when;
    node.on_error = source.on_error;
    node.failure = std::move(source.failure);
    node.from_fallback = std::move(source.from_fallback);
    node.items = std::move(source.items);
    node.is_declared = source.spec->declared().has_value();
    plan.sources.push_back(std::move(node));
  }
}

void take_models(Draft& draft, ChecksByDataset& checks, Plan& plan) {
  for (auto& model : draft.models) {
    if (!model.schema) continue;
    ModelNode node;
    node.name = model.name;
    node.sql = model.select();
    node.origin = model.sql.file;
    node.inputs = model.inputs;
    node.schema = *model.schema;
    node.checks = take_checks(checks, model.name);
    node.row_wise = model.row_wise;
    node.step = model.program;
    node.when = model.when;
    node.needs = model.needs;
    plan.models.push_back(std::move(node));
  }
}

std::uint64_t bytes_of(const std::optional<Amount>& amount, std::uint64_t whole) {
  if (!amount) return 0;
  if (amount->bytes) return *amount->bytes;
  return std::uint64_t(*amount->share * double(whole));
}

/// Does no sink rest on it, nor on a source that it stands in for?
bool leads_nowhere(const Plan& plan, const std::string& name) {
  return std::none_of(plan.sinks.begin(), plan.sinks.end(),
                      [&](const SinkNode& sink) { return Plan::needs(sink, name); }) &&
         std::none_of(plan.sources.begin(), plan.sources.end(),
                      [&](const SourceNode& source) { return source.on_error.fallback == name; });
}

/// What nothing publishes is not worth an error, but worth a word.
void warn_unused(const LoadedPipeline& loaded, Plan& plan) {
  const auto warn = [&](const std::string& name, const config::Node* key) {
    if (key == nullptr || !leads_nowhere(plan, name) || feeds_items(plan, name)) return;
    Diagnostic warning;
    warning.place = key->place;
    warning.message = "`" + name + "` leads to no sink and will not run";
    plan.warnings.push_back(std::move(warning));
  };
  for (const auto& source : loaded.file.sources) warn(source.node.name, source.node.key);
  for (const auto& model : loaded.file.models) warn(model.name, model.key);
  for (const auto& step : loaded.file.steps) warn(step.name, step.key);
}

/// A type that changes on its way is carried without loss, and told.
void warn_changed_types(const LoadedPipeline& loaded, Plan& plan) {
  for (const auto& sink : plan.sinks) {
    const auto& schema = plan.schema(sink.from);
    const auto file = std::find_if(loaded.file.sinks.begin(), loaded.file.sinks.end(),
                                   [&](const auto& one) { return one.node.name == sink.name; });
    for (const auto& change : sink.spec->changes(schema)) {
      Diagnostic warning;
      warning.place = file->from_node->place;
      warning.message = "sink `" + sink.name + "`: " + change + "; cast it to choose another type";
      plan.warnings.push_back(std::move(warning));
    }
  }
}

Plan begin_plan(const LoadedPipeline& loaded, const PlanServices& services) {
  Plan plan;
  plan.pipeline = loaded.file.pipeline;
  plan.description = loaded.file.description;
  plan.owner = loaded.file.owner;
  plan.tags = loaded.file.tags;
  plan.file = loaded.path;
  plan.root = loaded.project->root;
  plan.artifacts = loaded.project->artifacts;
  plan.retention = loaded.project->retention;
  plan.state = loaded.project->root / ".leat";
  plan.environment = loaded.project->environment;
  plan.secrets = loaded.project->secrets;
  plan.hidden = loaded.hidden;
  plan.policy = loaded.file.policy;
  plan.slice = loaded.file.slice;
  plan.hooks = loaded.file.hooks;
  plan.retry = loaded.file.retry;
  plan.is_measured = loaded.file.no_checks == nullptr;
  plan.intervals = loaded.file.interval;
  plan.interval = loaded.interval;
  plan.is_protected = loaded.project->is_protected;
  plan.resources.memory_bytes = bytes_of(loaded.file.resources.memory, services.machine_memory);
  plan.resources.threads = std::size_t(loaded.file.resources.threads.value_or(0));
  return plan;
}

/// New rows are told by a position, which another source does not know.
void judge_fallbacks(const LoadedPipeline& loaded, const Plan& plan, config::Findings& findings) {
  for (const auto& sink : plan.sinks) {
    for (const auto& source : loaded.file.sources) {
      if (source.node.name != sink.growing_source) continue;
      if (source.on_error.fallback.empty()) continue;
      findings.add(*source.on_error_node,
                   "sink `" + sink.name + "` appends the new rows of `" + source.node.name +
                       "`, which no other source can tell",
                   source.on_error.act == OnError::Act::fallback
                       ? "use `skip`, or `strategy: replace`"
                       : "use `hold`, or `strategy: replace`");
    }
  }
}

bool has_person(const std::optional<Contract>& contract, const std::string& column) {
  return contract &&
         std::any_of(contract->columns.begin(), contract->columns.end(), [&](const auto& one) {
           return one.pii != Pii::none && is_same_name(one.name, column);
         });
}

/// A source that stands in for another is read as that one: what it says itself does not count.
void judge_stand_in(const FileSource& source, const SourceNode& own, const SourceNode& other,
                    const Plan& plan, config::Findings& findings) {
  for (const auto& column :
       other.contract ? other.contract->columns : std::vector<ContractColumn>()) {
    if (column.pii == Pii::none || has_person(own.contract, column.name)) continue;
    findings.add(*source.on_error_node,
                 "`" + column.name + "` of `" + other.name +
                     "` is about persons (pii: " + std::string(name_of(column.pii)) +
                     "), and would be shown where it is read for `" + own.name + "`",
                 "give the column the same `pii` in a contract of `" + own.name + "`");
  }
  const bool is_read_itself =
      std::any_of(plan.sinks.begin(), plan.sinks.end(),
                  [&](const SinkNode& sink) { return Plan::needs(sink, other.name); });
  if (other.checks.empty() || is_read_itself) return;
  findings.add(*source.on_error_node,
               "the checks of `" + other.name + "` would judge nothing: where it is read for `" +
                   own.name + "` its rows meet the checks of `" + own.name + "`",
               "write them for `" + own.name + "`");
}

void judge_stand_ins(const LoadedPipeline& loaded, const Plan& plan, config::Findings& findings) {
  for (const auto& source : loaded.file.sources) {
    const auto* own = plan.source(source.node.name);
    const auto* other = plan.source(source.on_error.fallback);
    if (own == nullptr || other == nullptr || source.on_error_node == nullptr) continue;
    judge_stand_in(source, *own, *other, plan, findings);
  }
}

/// A condition is bound as a check of one row is, over no column at all.
void judge_condition(const Condition& condition, const config::Node* node,
                     const PlanServices& services, config::Findings& findings) {
  if (condition.sql.empty() || node == nullptr) return;
  auto session = services.session();
  if (!session.ok()) return findings.add(*node, session.error());
  data::Schema nothing;
  nothing.columns.push_back({"leat_no_column", data::Type{data::TypeId::boolean, 0, 0, {}}, true});
  const auto bound = engine::bind_row_test(*session.value(), condition.sql, nothing);
  for (const auto& complaint : bound.complaints) findings.add(*node, complaint.message);
}

void judge_conditions(const PipelineFile& file, const PlanServices& services,
                      config::Findings& findings) {
  for (const auto& one : file.sources) {
    judge_condition(one.when, one.when_node, services, findings);
  }
  for (const auto& one : file.models) {
    judge_condition(one.when, one.when_node, services, findings);
  }
  for (const auto& one : file.steps) judge_condition(one.when, one.when_node, services, findings);
  for (const auto& one : file.sinks) judge_condition(one.when, one.when_node, services, findings);
}

/// Nothing is read for a dataset that leads to no sink: its checks would judge nothing.
void judge_unused_checks(const LoadedPipeline& loaded, const Plan& plan,
                         config::Findings& findings) {
  std::set<std::string> told;
  for (const auto& check : loaded.file.checks) {
    if (!leads_nowhere(plan, check.dataset) || feeds_items(plan, check.dataset)) continue;
    if (!told.insert(check.dataset).second) continue;
    findings.add(
        *check.dataset_key,
        "`" + check.dataset + "` leads to no sink, so its checks would judge nothing",
        "publish it or a model of it, give it a sink `verdict: {}`, or take its checks out");
  }
}

/// Those of a contract are there for all pipelines that read by it.
void judge_no_checks(const PipelineFile& file, config::Findings& findings) {
  if (file.no_checks == nullptr || file.checks.empty()) return;
  findings.add(*file.no_checks,
               "`checks: none`, and the contract of `" + file.checks.front().dataset + "` has some",
               "take them out of the contract, or leave `checks: none` out");
}

}  // namespace

Result<Plan> look_at_sources(const LoadedPipeline& loaded, const PlanServices& services) {
  auto plan = begin_plan(loaded, services);
  auto with = services;
  with.build.root = plan.root;
  with.build.secrets = plan.secrets.get();
  with.connections = &loaded.project->connections;
  with.discover = true;
  with.ignores_contracts = true;
  auto draft = begin_draft(loaded.file);
  config::Findings findings;
  plan_sources(loaded.file.sources, with, draft, findings);
  if (!findings.empty()) return Error::of(findings.take());
  ChecksByDataset none;
  take_sources(draft, none, plan);
  return plan;
}

Result<Plan> make_plan(const LoadedPipeline& loaded, const PlanServices& services) {
  auto findings = loaded.findings;
  auto plan = begin_plan(loaded, services);
  auto with = services;
  with.build.root = plan.root;
  with.build.secrets = plan.secrets.get();
  with.connections = &loaded.project->connections;
  auto draft = begin_draft(loaded.file);
  plan_sources(loaded.file.sources, with, draft, findings);
  plan_models(with, draft, findings);
  auto checks = plan_checks(loaded.file.checks, with, draft, findings);
  take_sources(draft, checks, plan);
  take_models(draft, checks, plan);
  plan.sinks =
      plan_sinks(loaded.file, plan.sources, plan.models, with, draft, plan.interval, findings);
  judge_items(loaded, plan, findings);
  judge_cursors(loaded, plan, findings);
  judge_interval(loaded, plan, findings);
  judge_slice(loaded, plan, findings);
  judge_written_files(loaded, plan, draft, with, findings);
  judge_conditions(loaded.file, with, findings);
  judge_fallbacks(loaded, plan, findings);
  judge_stand_ins(loaded, plan, findings);
  judge_no_checks(loaded.file, findings);
  if (findings.empty()) judge_unused_checks(loaded, plan, findings);
  if (!findings.empty()) return Error::of(findings.take());
  plan.passes = plan_passes(plan.sources, plan.models, plan.sinks, plan.policy.profile);
  warn_unused(loaded, plan);
  warn_changed_types(loaded, plan);
  TRY(note_columns(loaded, with, plan));
  return plan;
}

}  // namespace leat::plan
