#include <map>
#include <string>
#include <utility>

#include <duckdb/parser/parsed_data/create_table_info.hpp>
#include <duckdb/planner/planner.hpp>
#include "engine/internals/column_flow.hpp"
#include "engine/internals/fault.hpp"
#include "engine/internals/named_tables.hpp"
#include "engine/internals/select_tree.hpp"

namespace leat {
namespace internals {
namespace {

using duckdb::KeywordHelper;

/// Empty tables of our own, so that the plan says of each scan which dataset it is.
class EmptyTables {
 public:
  EmptyTables(duckdb::Connection& connection, const leat_table* tables, size_t size)
      : x_connection(connection) {
    for (size_t i = 0; i < size; ++i) {
      x_names.push_back("leat lineage " + std::to_string(i));
      std::string columns;
      for (size_t k = 0; k < tables[i].size; ++k) {
        columns += (k ? ", " : "") + quoted(tables[i].names[k]) + " " +
                   as_type(tables[i].types[k]).ToString();
      }
      run("CREATE OR REPLACE TEMP TABLE " + quoted(x_names.back()) + " (" + columns + ")");
      x_index[x_names.back()] = i;
    }
  }

  ~EmptyTables() {
    for (const auto& name : x_names) {
      x_connection.Query("DROP TABLE IF EXISTS temp." + quoted(name));
    }
  }
  EmptyTables(const EmptyTables&) = delete;
  EmptyTables& operator=(const EmptyTables&) = delete;

  duckdb::unique_ptr<duckdb::SelectStatement> all_of(size_t i) const {
    return parse_one_select("SELECT * FROM temp." + quoted(x_names[i]));
  }
  size_t index_of(const std::string& name) const { return x_index.at(name); }

 private:
  static std::string quoted(const std::string& name) {
    return KeywordHelper::WriteOptionallyQuoted(name);
  }
  void run(const std::string& sql) {
    const auto result = x_connection.Query(sql);
    if (result->HasError()) result->GetErrorObject().Throw();
  }

  duckdb::Connection& x_connection;
  std::vector<std::string> x_names;
  std::map<std::string, size_t> x_index;
};

void tell(const ColumnFlow::Origins& origins, int64_t output, const EmptyTables& tables,
          leat_feed_fn feed, void* self) {
  for (const auto& origin : origins) {
    feed(self, output, tables.index_of(origin.first.first), origin.first.second, origin.second.use,
         origin.second.keeps_unit);
  }
}

}  // namespace
}  // namespace internals
}  // namespace leat

bool leat_trace_columns(duckdb_connection connection, const char* sql, const leat_table* tables,
                        size_t tables_size, leat_feed_fn feed, void* self, leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    auto& open = as_connection(connection);
    EmptyTables empty(open, tables, tables_size);
    auto& context = *open.context;
    context.RunFunctionInTransaction([&] {
      auto select = parse_one_select(sql);
      NamedTables named;
      for (size_t i = 0; i < tables_size; ++i) {
        named.define(tables[i].name, {empty.all_of(i), false});
      }
      named.put_into(*select);
      duckdb::Planner planner(context);
      planner.CreatePlan(std::move(select));
      ColumnFlow flow;
      flow.read(*planner.plan);
      flow.solve();
      const auto columns = planner.plan->GetColumnBindings();
      for (duckdb::idx_t i = 0; i < columns.size(); ++i) {
        tell(flow.origins({columns[i].table_index, columns[i].column_index}),
             static_cast<int64_t>(i), empty, feed, self);
      }
      tell(flow.deciding(), -1, empty, feed, self);
    });
  });
}
