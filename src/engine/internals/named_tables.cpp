#include "engine/internals/named_tables.hpp"

#include <utility>

#include "engine/internals/select_tree.hpp"

namespace leat {
namespace internals {
namespace {

std::string inner_name(const std::string& name) { return "leat " + name; }

}  // namespace

void NamedTables::define(const std::string& name, Definition definition) {
  x_definitions[duckdb::StringUtil::Lower(name)] = std::move(definition);
}

void NamedTables::put_into(duckdb::SelectStatement& select) {
  const auto on_table = [this](duckdb::BaseTableRef& table) {
    const auto name = duckdb::StringUtil::Lower(table.table_name);
    if (x_definitions.count(name) == 0) {
      throw duckdb::BinderException(table, "there is no dataset `%s` here", table.table_name);
    }
    if (table.alias.empty()) table.alias = table.table_name;
    table.table_name = inner_name(name);
  };
  const auto on_complaint = [](const std::string& message, duckdb::optional_idx offset) {
    throw duckdb::BinderException(offset, message);
  };
  SelectTree tree(on_table, on_complaint);
  tree.walk(*select.node);

  duckdb::CommonTableExpressionMap ctes;
  for (const auto& scan : tree.scans()) {
    auto& definition = x_definitions[scan.first];
    auto info = duckdb::make_uniq<duckdb::CommonTableExpressionInfo>();
    info->query = std::move(definition.select);
    info->materialized = definition.scan_once && scan.second > 1
                             ? duckdb::CTEMaterialize::CTE_MATERIALIZE_ALWAYS
                             : duckdb::CTEMaterialize::CTE_MATERIALIZE_NEVER;
    ctes.map[inner_name(scan.first)] = std::move(info);
  }
  for (auto& own : select.node->cte_map.map) ctes.map[own.first] = std::move(own.second);
  select.node->cte_map = std::move(ctes);
}

}  // namespace internals
}  // namespace leat
