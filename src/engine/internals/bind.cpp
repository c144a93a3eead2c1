#include <string>
#include <utility>

#include "duckdb/parser/expression/cast_expression.hpp"
#include "duckdb/parser/expression/constant_expression.hpp"
#include "duckdb/parser/tableref/emptytableref.hpp"
#include "duckdb/planner/planner.hpp"
#include "engine/internals/fault.hpp"
#include "engine/internals/named_tables.hpp"
#include "engine/internals/select_tree.hpp"

namespace leat {
namespace internals {
namespace {

/// SELECT CAST(NULL AS type) AS name, …: a dataset that has columns and nothing else.
duckdb::unique_ptr<duckdb::SelectStatement> empty_dataset(const leat_table& table) {
  auto node = duckdb::make_uniq<duckdb::SelectNode>();
  node->from_table = duckdb::make_uniq<duckdb::EmptyTableRef>();
  for (size_t i = 0; i < table.size; ++i) {
    auto cell = duckdb::make_uniq<duckdb::CastExpression>(
        as_type(table.types[i]),
        duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value()));
    cell->SetAlias(table.names[i]);
    node->select_list.push_back(std::move(cell));
  }
  auto select = duckdb::make_uniq<duckdb::SelectStatement>();
  select->node = std::move(node);
  return select;
}

duckdb::unique_ptr<duckdb::SelectStatement> over_tables(const char* sql, const leat_table* tables,
                                                        size_t size) {
  auto select = parse_one_select(sql);
  if (tables == nullptr) return select;
  NamedTables named;
  for (size_t i = 0; i < size; ++i) named.define(tables[i].name, {empty_dataset(tables[i]), false});
  named.put_into(*select);
  return select;
}

}  // namespace
}  // namespace internals
}  // namespace leat

bool leat_bind_select(duckdb_connection connection, const char* sql, const leat_table* tables,
                      size_t tables_size, leat_column_fn column, void* self, leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    auto& context = *as_connection(connection).context;
    context.RunFunctionInTransaction([&] {
      duckdb::Planner planner(context);
      planner.CreatePlan(over_tables(sql, tables, tables_size));
      for (duckdb::idx_t i = 0; i < planner.names.size(); ++i) {
        auto& type = planner.types[i];
        column(self, planner.names[i].c_str(), reinterpret_cast<duckdb_logical_type>(&type),
               type.ToString().c_str());
      }
    });
  });
}

bool leat_type_parse(duckdb_connection connection, const char* sql, duckdb_logical_type* type,
                     leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    auto& context = *as_connection(connection).context;
    context.RunFunctionInTransaction([&] {
      auto parsed = duckdb::TransformStringToLogicalType(sql, context);
      auto owned = duckdb::make_uniq<duckdb::LogicalType>(std::move(parsed));
      *type = reinterpret_cast<duckdb_logical_type>(owned.release());
    });
  });
}
