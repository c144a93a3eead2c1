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

using Statements = duckdb::vector<duckdb::unique_ptr<duckdb::SQLStatement>>;

/// SHOW, DESCRIBE, SUMMARIZE, VALUES and FROM are SELECTs to the parser. PIVOT without IN is not
/// one: it creates a type first.
void require_one_select(const Statements& statements) {
  if (statements.size() != 1) {
    throw duckdb::ParserException("expected one SELECT, found " +
                                  std::to_string(statements.size()) + " statements");
  }
  const auto type = statements.front()->type;
  if (type != duckdb::StatementType::SELECT_STATEMENT) {
    throw duckdb::ParserException("expected a SELECT, found " +
                                  duckdb::StatementTypeToString(type));
  }
}

}  // namespace
}  // namespace internals
}  // namespace leat

bool leat_query(duckdb_connection connection, const char* sql, bool one_select,
                leat_column_fn column, leat_row_fn row, void* self, leat_fault* fault) {
  using namespace leat::internals;
  return guarded(fault, [&] {
    auto& open = as_connection(connection);
    auto statements = open.ExtractStatements(sql);
    if (one_select) require_one_select(statements);
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
