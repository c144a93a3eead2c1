#include "connectors/files/footer_facts.hpp"

#include "base/names.hpp"
#include "engine/file_literal.hpp"
#include "engine/session.hpp"

namespace leat::connectors::files {
namespace {

using data::TypeId;

/// Does the engine order and print these values as the footer does?
bool has_bounds(const data::Type& type) {
  switch (type.id) {
    case TypeId::int8:
    case TypeId::int16:
    case TypeId::int32:
    case TypeId::int64:
    case TypeId::float32:
    case TypeId::float64:
    case TypeId::date:
    case TypeId::timestamp: return true;
    case TypeId::decimal: return type.width <= 18;
    default: return false;
  }
}

/// Seven values of one column: its pieces (one a row group), those whose nulls are counted, nulls,
/// those with values, those of them with good bounds, and the bounds.
std::string questions(const std::string& name, const data::Type& type) {
  const auto mine =
      " FILTER (path_in_schema = " + quote_literal(name) + " AND num_values = row_group_num_rows";
  const std::string filled =
      " AND num_values > 0 AND (stats_null_count IS NULL OR stats_null_count < num_values)";
  std::string sql =
      ", count(*)" + mine + "), count(*)" + mine +
      " AND (stats_null_count IS NOT NULL OR num_values = 0)), sum(stats_null_count)" + mine +
      "), count(*)" + mine + filled + ")";
  if (!has_bounds(type)) return sql + ", 0, NULL, NULL";
  const auto value = [&](const char* bound) {
    return std::string("TRY_CAST(") + bound + " AS " + data::sql_of(type) + ")";
  };
  const auto low = value("stats_min_value");
  const auto high = value("stats_max_value");
  const auto good =
      mine + filled + " AND type IN ('INT32', 'INT64', 'FLOAT', 'DOUBLE') AND " + low +
      " <= " + high +
      (type.is_floating() ? " AND NOT isnan(" + low + ") AND NOT isnan(" + high + ")" : "") + ")";
  return sql + ", count(*)" + good + ", min(" + low + ")" + good + ", max(" + high + ")" + good;
}

ColumnFacts facts_of(const engine::TextRow& row, std::size_t at, const data::Type& type) {
  const auto& pieces = row[at];
  ColumnFacts facts;
  if (pieces != row[0]) return facts;
  facts.has_nulls = row[at + 1] != pieces || row[at + 2].value_or("0") != "0";
  if (row[at + 3] == "0") {
    facts.bounds.emplace();
  } else if (row[at + 3] == row[at + 4] && row[at + 5] && row[at + 6]) {
    const auto literal = [&](const std::string& text) {
      return "CAST(" + quote_literal(text) + " AS " + data::sql_of(type) + ")";
    };
    facts.bounds = {literal(*row[at + 5]), literal(*row[at + 6])};
  }
  return facts;
}

}  // namespace

std::vector<ColumnFacts> footer_facts(engine::Session& session,
                                      const std::vector<std::filesystem::path>& files,
                                      const data::Schema& schema,
                                      const std::vector<std::string>& columns) {
  std::string sql = "SELECT count(DISTINCT (file_name, row_group_id))";
  std::vector<data::Type> types;
  for (const auto& name : columns) {
    const auto index = schema.find(name);
    types.push_back(index ? schema.columns[*index].type : data::Type());
    sql += questions(name, types.back());
  }
  const auto table =
      session.query(sql + " FROM parquet_metadata(" + engine::file_literal(files) + ")");
  std::vector<ColumnFacts> facts(columns.size());
  if (!table.ok() || table->rows.size() != 1) return facts;
  constexpr std::size_t kValues = 7;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    facts[i] = facts_of(table->rows[0], 1 + i * kValues, types[i]);
  }
  return facts;
}

}  // namespace leat::connectors::files
