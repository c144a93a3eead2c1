#include <string>
#include <utility>
#include <vector>

#include "engine/internals/fault.hpp"

namespace leat {
namespace internals {
namespace {

void tell_columns(duckdb::QueryResult& result, leat_column_fn column, void* self) {
  for (duckdb::idx_t i = 0; i < result.names.size(); ++i) {
    column(self, result.names[i].c_str(), reinterpret_cast<duckdb_logical_type>(&result.types[i]),
           result.types[i].ToString().c_str());
  }
}

/// Returns false when the listener has had enough.
bool tell_rows(duckdb::DataChunk& chunk, leat_row_fn row_fn, void* self) {
  const auto columns = chunk.ColumnCount();
  std::vector<std::string> texts(columns);
  std::vector<const char*> cells(columns);
  std::vector<size_t> sizes(columns);
  for (duckdb::idx_t row = 0; row < chunk.size(); ++row) {
    for (duckdb::idx_t i = 0; i < columns; ++i) {
      const auto value = chunk.GetValue(i, row);
      texts[i] = value.IsNull() ? std::string() : value.ToString();
      cells[i] = value.IsNull() ? nullptr : texts[i].data();
      sizes[i] = texts[i].size();
    }
    if (!row_fn(self, cells.data(), sizes.data(), columns)) return false;
  }
  return true;
}

}  // namespace
}  // namespace internals
}  // namespace leat

bool leat_query(duckdb_connection connection, const char* sql, leat_column_fn column,
                leat_row_fn row, void* self, leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    auto& open = as_connection(connection);
    auto statements = open.ExtractStatements(sql);
    for (size_t i = 0; i < statements.size(); ++i) {
      auto result = open.SendQuery(std::move(statements[i]));
      if (result->HasError()) result->GetErrorObject().Throw();
      if (i + 1 == statements.size()) tell_columns(*result, column, self);
      while (auto chunk = result->Fetch()) {
        if (i + 1 == statements.size() && !tell_rows(*chunk, row, self)) return;
      }
      if (result->HasError()) result->GetErrorObject().Throw();
    }
  });
}
