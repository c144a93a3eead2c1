#include <string>
#include <utility>

#include <duckdb/planner/planner.hpp>
#include "engine/internals/empty_select.hpp"
#include "engine/internals/fault.hpp"
#include "engine/internals/named_tables.hpp"
#include "engine/internals/select_tree.hpp"

namespace leat {
namespace internals {
namespace {

/// A dataset that has columns and nothing else.
duckdb::unique_ptr<duckdb::SelectStatement> empty_dataset(const leat_table& table) {
  duckdb::vector<std::string> names(table.names, table.names + table.size);
  duckdb::vector<duckdb::LogicalType> types;
  for (size_t i = 0; i < table.size; ++i) types.push_back(as_type(table.types[i]));
  return empty_select(names, types);
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

bool leat_type_print(duckdb_logical_type type, leat_text_fn text, void* self, leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    const auto name = reinterpret_cast<duckdb::LogicalType*>(type)->ToString();
    text(self, name.data(), name.size());
  });
}
