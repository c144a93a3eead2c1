#include "plan/drift.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/names.hpp"

namespace leat::plan {
namespace {

/// Walks through both lists of columns once.
class Comparison {
 public:
  Comparison(const std::string& dataset, const Contract& contract, const data::Schema& found,
             bool reads_as)
      : x_dataset(dataset), x_contract(contract), x_found(found), x_reads_as(reads_as) {
    x_drift.schema = contract.schema();
    x_drift.shape.found = found;
  }

  Drift compare() {
    for (const auto& column : x_contract.columns) look_for(column);
    for (std::size_t i = 0; i < x_found.size(); ++i) {
      if (!x_drift.schema.find(x_found.columns[i].name)) add_new(i);
    }
    const auto& from = x_drift.shape.from;
    bool in_order = from.size() == x_found.size();
    for (std::size_t i = 0; in_order && i < from.size(); ++i) in_order = from[i] == i;
    x_drift.is_plain = x_drift.is_plain && in_order;
    return std::move(x_drift);
  }

 private:
  void look_for(const ContractColumn& column) {
    const auto at = x_found.find(column.name);
    x_drift.shape.from.push_back(at);
    const auto agreed = data::sql_of(column.type);
    if (!at) {
      note(column.name, agreed, "");
      const bool may_lack =
          x_contract.on_drift != OnDrift::fail && x_contract.on_drift != OnDrift::add;
      if (!may_lack) refuse("column `" + column.name + "` " + agreed + " is gone");
      return;
    }
    const auto& found = x_found.columns[*at].type;
    if (found == column.type) return;
    x_drift.is_plain = false;
    note(column.name, agreed, data::sql_of(found));
    const auto what = "column `" + column.name + "` is " + data::sql_of(found);
    if (x_reads_as) {
      refuse(what + " and cannot be read as " + agreed);
    } else if (x_contract.on_drift == OnDrift::fail) {
      refuse(what + ", not " + agreed);
    }
  }

  void add_new(std::size_t at) {
    const auto& column = x_found.columns[at];
    note(column.name, "", data::sql_of(column.type));
    switch (x_contract.on_drift) {
      case OnDrift::fail:
        return refuse("column `" + column.name + "` " + data::sql_of(column.type) + " is new");
      case OnDrift::add:
        x_drift.shape.from.push_back(at);
        x_drift.schema.columns.push_back(column);
        return;
      case OnDrift::quarantine_row: x_drift.shape.refuses_new = true; break;
      case OnDrift::hold:
      case OnDrift::drop_column: break;
    }
    x_drift.is_plain = false;
  }

  void note(const std::string& column, const std::string& from, const std::string& to) {
    x_drift.changes.push_back({x_dataset, column, from, to});
  }
  void refuse(std::string why) { x_drift.refusals.push_back(std::move(why)); }

  const std::string& x_dataset;
  const Contract& x_contract;
  const data::Schema& x_found;
  bool x_reads_as;
  Drift x_drift;
};

std::string shown_as(const ContractColumn& column, const std::string& name) {
  if (column.pii == Pii::mask) return "CASE WHEN " + name + " IS NOT NULL THEN '***' END";
  return "sha256(CAST(" + name + " AS VARCHAR))";
}

}  // namespace

Drift compare(const std::string& dataset, const Contract& contract, const data::Schema& found,
              bool reads_as) {
  return Comparison(dataset, contract, found, reads_as).compare();
}

std::string describe(const SchemaChange& change) {
  if (change.from.empty()) return "+ " + change.column + " " + change.to;
  if (change.to.empty()) return "- " + change.column + " " + change.from;
  const auto types = change.from == change.to ? "" : " " + change.from + " → " + change.to;
  if (change.units_from == change.units_to) return "~ " + change.column + types;
  return "~ " + change.column + types + (types.empty() ? " " : ", ") + "in " + change.units_from +
         " → " + (change.units_to.empty() ? "no units" : "in " + change.units_to);
}

Visible visible_of(const Contract& contract, const data::Schema& schema) {
  Visible visible;
  std::unordered_map<std::string, const ContractColumn*> by_name;
  for (const auto& column : contract.columns) by_name.emplace(to_lower(column.name), &column);
  for (const auto& column : schema.columns) {
    const auto known = by_name.find(to_lower(column.name));
    const auto name = quote_identifier(column.name);
    auto seen = column;
    auto sql = name;
    if (known != by_name.end() && known->second->pii != Pii::none) {
      visible.hidden.push_back(column.name);
      if (known->second->pii == Pii::drop) continue;
      seen.type = data::Type{};
      sql = shown_as(*known->second, name) + " AS " + name;
    }
    visible.schema.columns.push_back(std::move(seen));
    visible.select_list += (visible.select_list.empty() ? "" : ", ") + sql;
  }
  if (visible.hidden.empty()) visible.select_list.clear();
  return visible;
}

}  // namespace leat::plan
