#include "connectors/postgres/fit.hpp"

#include <algorithm>

namespace leat::connectors::postgres {
namespace {

const TableColumn* find(const std::vector<TableColumn>& columns, const std::string& name) {
  const auto same = [&](const TableColumn& one) { return one.name == name; };
  const auto alike = [&](const TableColumn& one) { return is_same_name(one.name, name); };
  auto found = std::find_if(columns.begin(), columns.end(), same);
  if (found == columns.end()) found = std::find_if(columns.begin(), columns.end(), alike);
  return found == columns.end() ? nullptr : &*found;
}

/// Names as the table has them: it tells letter case, and Leat does not.
void spell(const std::vector<TableColumn>& there, std::string& name) {
  if (const auto* column = find(there, name)) name = column->name;
}

PublishPlan respelled(PublishPlan plan, const std::vector<TableColumn>& there) {
  for (auto& column : plan.schema.columns) spell(there, column.name);
  auto& options = plan.options;
  for (auto* names : {&options.key, &options.by, &options.update, &options.compare}) {
    for (auto& name : *names) spell(there, name);
  }
  for (auto* name : {&options.version, &options.valid_from, &options.valid_to, &options.current}) {
    if (!name->empty()) spell(there, *name);
  }
  return plan;
}

/// The columns of a table as meet_columns compares them: of our type where values of it stay what
/// they are. What the server fills in itself does not count where the rows have it not.
std::vector<data::Column> as_ours(const PublishPlan& plan, const std::vector<TableColumn>& there) {
  const data::Schema ours{target_columns(plan)};
  std::vector<data::Column> columns;
  for (const auto& column : there) {
    const auto found = ours.find(column.name);
    if (!found && column.is_filled_in()) continue;
    data::Type type{data::TypeId::other, 0, 0, column.type.sql};
    if (found && carriage(ours.columns[*found].type, column.type)) {
      type = ours.columns[*found].type;
    }
    columns.push_back({column.name, type, true});
  }
  return columns;
}

Status require_writable(const PublishPlan& plan, const std::vector<TableColumn>& there,
                        const std::string& place) {
  const bool compares = plan.strategy != Strategy::replace && plan.strategy != Strategy::append;
  for (const auto& column : plan.schema.columns) {
    const auto* found = find(there, column.name);
    if (found == nullptr) continue;
    if (found->is_generated) {
      return Error(Fault::config, place + " computes its column `" + found->name + "` itself")
          .hint("leave the column out of the dataset");
    }
    if (compares && is_incomparable(found->type)) {
      return Error(Fault::config, "column `" + found->name + "` of " + place + " is of type " +
                                      found->type.sql + ", whose values cannot be compared")
          .hint("`" + std::string(name_of(plan.strategy)) +
                "` compares them: make it jsonb or text, or use replace or append");
    }
  }
  return {};
}

/// Do the rows have the very columns of the table?
bool is_same_table(const PublishPlan& plan, const std::vector<data::Column>& there) {
  return there.size() == plan.schema.size() &&
         std::all_of(there.begin(), there.end(), [&](const data::Column& column) {
           const auto found = plan.schema.find(column.name);
           return found && plan.schema.columns[*found].type == column.type;
         });
}

Status add_column(Fit& fit, const data::Column& column, const PgType& type) {
  auto carried = carriage(column.type, type);
  if (!carried) return Error(Fault::internal, "column " + column.name + " has no way to travel");
  const auto index = fit.wires.size();
  const auto travelling = carried->travels_as.value_or(column.type);
  fit.wires.push_back({column.name, travelling, carried->wire});
  if (carried->travels_as) fit.travels_as.emplace_back(index, travelling);
  fit.has_casts = fit.has_casts || !carried->cast.empty();
  fit.casts.push_back(std::move(carried->cast));
  fit.types.push_back(type);
  return {};
}

}  // namespace

Result<Fit> fit(const PublishPlan& plan, const FoundTable& there, const std::string& place) {
  if (there.is_there && there.kind != 'r' && there.kind != 'p') {
    return Error(Fault::config, place + " is no table").hint("name a table, not a view");
  }
  Fit made;
  made.plan = respelled(plan, there.columns);
  const auto columns = as_ours(made.plan, there.columns);
  TRY(made.met, meet_columns(made.plan, columns, place));
  made.is_same = there.is_there && is_same_table(made.plan, columns);
  const bool is_new = !there.is_there || (plan.strategy == Strategy::replace && !made.is_same &&
                                          !plan.options.on_schema_change);
  if (!is_new) TRY(require_writable(made.plan, there.columns, place));
  for (const auto& column : made.plan.schema.columns) {
    const auto* found = is_new ? nullptr : find(there.columns, column.name);
    TRY(add_column(made, column, found == nullptr ? type_for(column.type) : found->type));
  }
  return made;
}

std::string declare(const std::vector<data::Column>& columns) {
  std::string text;
  for (const auto& column : columns) {
    text += (text.empty() ? "" : ", ") + quote_identifier(column.name) + " " +
            type_for(column.type).sql;
  }
  return text;
}

}  // namespace leat::connectors::postgres
