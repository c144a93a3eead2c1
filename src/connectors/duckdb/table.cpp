#include "connectors/duckdb/table.hpp"

#include <charconv>

namespace leat::connectors::duckdb {

Result<std::vector<data::Column>> columns_of(engine::Session& session, const TableName& table) {
  // Names are compared as the engine does: letter case aside.
  const auto is = [](const char* column, const std::string& name) {
    return "lower(" + std::string(column) + ") = lower(" + quote_literal(name) + ")";
  };
  TRY(const auto found,
      session.query("SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = " +
                    quote_literal(kAttached) + " AND " + is("schema_name", table.schema) + " AND " +
                    is("table_name", table.table) + " ORDER BY column_index"));
  std::vector<data::Column> columns;
  for (const engine::TextRow& row : found.rows) {
    data::Column column;
    column.name = row[0].value_or("");
    const auto type = data::parse_type(row[1].value_or(""));
    column.type = type.ok() ? *type : data::Type{data::TypeId::other, 0, 0, row[1].value_or("")};
    columns.push_back(std::move(column));
  }
  return columns;
}

Result<std::uint64_t> change_rows(engine::Session& session, const std::string& sql) {
  TRY(const auto result, session.query(sql));
  std::uint64_t count = 0;
  const std::string text = result.rows.size() == 1 ? result.rows[0][0].value_or("") : "";
  const auto end = std::from_chars(text.data(), text.data() + text.size(), count);
  if (text.empty() || end.ptr != text.data() + text.size()) {
    return Error(Fault::internal, "the engine does not say how many rows it changed");
  }
  return count;
}

}  // namespace leat::connectors::duckdb
