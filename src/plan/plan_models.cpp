#include "plan/plan_models.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "engine/sql.hpp"
#include "plan/order_models.hpp"
#include "plan/plan_steps.hpp"
#include "plan/sql_hints.hpp"

namespace leat::plan {
namespace {

void add_complaints(const DraftModel& model, const std::vector<engine::SqlComplaint>& complaints,
                    const Draft& draft, config::Findings& findings) {
  for (const auto& complaint : complaints) {
    const auto place = model.sql.place_at(complaint.has_offset ? complaint.offset : 0);
    findings.add(place, "model `" + model.name + "`: " + complaint.message,
                 model_hint(complaint, model.sql.text, draft.names), complaint.length);
  }
}

/// False when the SQL cannot be used.
bool parse(DraftModel& model, const Draft& draft, config::Findings& findings) {
  const auto parsed = engine::parse_select(model.sql.text);
  if (!parsed.complaints.empty()) {
    add_complaints(model, parsed.complaints, draft, findings);
    return false;
  }
  bool known = true;
  for (const auto& use : parsed.value.tables) {
    auto declared = draft.declared_name(use.name);
    if (declared.empty()) {
      findings.add(model.sql.place_at(use.offset),
                   "model `" + model.name + "` reads `" + use.name + "`, which is no node",
                   name_hint(use.name, draft.names), int(use.name.size()));
      known = false;
      continue;
    }
    model.inputs.push_back(std::move(declared));
  }
  model.row_wise = parsed.value.row_wise;
  return known;
}

/// The same for a step, whose columns it declares.
bool read_step(DraftModel& model, const Draft& draft, const PlanServices& services,
               config::Findings& findings) {
  const auto& step = *model.step;
  model.program = plan_step(step, services, findings);
  if (step.keys.from == nullptr) return false;
  auto declared = draft.declared_name(step.from);
  if (declared.empty()) {
    findings.add(
        *step.keys.from,
        "step `" + step.name + "` gets `" + step.from + "`, which is no source, model or step",
        name_hint(step.from, draft.names));
    return false;
  }
  model.inputs.push_back(std::move(declared));
  return model.program != nullptr;
}

/// The schemas of what the model reads; false when one is not known.
bool gather(const DraftModel& model, const Draft& draft, std::vector<engine::NamedSchema>& tables) {
  for (const auto& input : model.inputs) {
    const auto* schema = draft.schema_of(input);
    if (schema == nullptr || !schema->has_value()) return false;
    const bool there = std::any_of(tables.begin(), tables.end(),
                                   [&](const auto& table) { return table.name == input; });
    if (!there) tables.push_back({input, **schema});
  }
  return true;
}

void add_doubled_columns(const DraftModel& model, config::Findings& findings) {
  const auto& columns = model.schema->columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (*model.schema->find(columns[i].name) == i) continue;
    findings.add(model.sql.place_at(0),
                 "model `" + model.name + "` yields the column `" + columns[i].name + "` twice",
                 "give one of them another name: … AS other_name");
  }
}

/// Columns in the order of the contract; what it does not have behind them, or left out.
void keep_contract(DraftModel& model, config::Findings& findings) {
  const auto& contract = *model.contract;
  const auto place = contract.file.empty() ? model.key->place : Place{contract.shown_as, 0, 0};
  const auto complain = [&](const std::string& what) {
    findings.add(place, "model `" + model.name + "` does not keep its contract: " + what);
  };
  if (contract.on_drift == OnDrift::hold || contract.on_drift == OnDrift::quarantine_row) {
    complain(
        "what its SQL yields is known before a run, so `on_drift` is fail, add or drop_column");
  }
  auto drift = compare(model.name, contract, *model.schema, false);
  for (const auto& change : drift.changes) {
    const bool is_new = change.from.empty();
    if (is_new && contract.on_drift != OnDrift::fail) continue;
    const auto column = "column `" + change.column + "` ";
    complain(is_new              ? column + change.to + " is not in it"
             : change.to.empty() ? column + change.from + " is missing"
                                 : column + "is " + change.to + ", not " + change.from);
  }
  const auto visible = visible_of(contract, drift.schema);
  if (drift.is_plain && visible.hidden.empty()) return;
  model.select_list = visible.select_list;
  for (const auto& column : drift.schema.columns) {
    if (!visible.hidden.empty()) break;
    model.select_list += (model.select_list.empty() ? "" : ", ") + quote_identifier(column.name);
  }
  model.schema = visible.schema;
}

void bind(DraftModel& model, const Draft& draft, const PlanServices& services,
          config::Findings& findings) {
  std::vector<engine::NamedSchema> tables;
  if (!gather(model, draft, tables)) return;
  if (model.step != nullptr) {
    model.schema = model.program->columns;
    return;
  }
  auto session = services.session();
  if (!session.ok()) return findings.add(*model.key, session.error());
  auto bound = engine::bind_select(*session.value(), model.sql.text, tables);
  if (!bound.complaints.empty()) {
    return add_complaints(model, bound.complaints, draft, findings);
  }
  model.schema = std::move(bound.value);
  add_doubled_columns(model, findings);
  if (model.contract != nullptr) keep_contract(model, findings);
}

void add_cycles(const ModelOrder& order, const std::vector<DraftModel>& models,
                config::Findings& findings) {
  for (const auto& cycle : order.cycles) {
    for (const auto& model : models) {
      if (model.name != cycle.front()) continue;
      findings.add(*model.key, "models read each other in a circle: " + join_names(cycle, ", "),
                   "one of them has to read a source instead");
    }
  }
}

}  // namespace

void plan_models(const PlanServices& services, Draft& draft, config::Findings& findings) {
  std::vector<bool> usable;
  std::vector<ModelEdges> edges;
  for (auto& model : draft.models) {
    usable.push_back(model.step != nullptr
                         ? read_step(model, draft, services, findings)
                         : !model.sql.text.empty() && parse(model, draft, findings));
    auto before = model.inputs;
    before.insert(before.end(), model.needs.begin(), model.needs.end());
    edges.push_back({model.name, std::move(before)});
  }
  const auto order = order_models(edges);
  add_cycles(order, draft.models, findings);
  std::vector<DraftModel> sorted;
  std::vector<bool> sorted_usable;
  for (const auto at : order.order) {
    sorted.push_back(std::move(draft.models[at]));
    sorted_usable.push_back(usable[at]);
  }
  draft.models = std::move(sorted);
  for (std::size_t i = 0; i < draft.models.size(); ++i) {
    if (sorted_usable[i]) bind(draft.models[i], draft, services, findings);
  }
}

}  // namespace leat::plan
