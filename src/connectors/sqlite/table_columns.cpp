#include "connectors/sqlite/table_columns.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "connectors/sqlite/column_types.hpp"

namespace leat::connectors::sqlite {
namespace {

/// "decimal(10,2)": the types of a table by somebody else are compared by what they hold.
std::optional<data::Type> held_by(const std::string& declared) {
  if (declared.empty()) return std::nullopt;
  return type_of_declared(declared);
}

bool is_integer(const data::Type& type) {
  return type.id >= data::TypeId::int8 && type.id <= data::TypeId::uint32 &&
         type.id != data::TypeId::int128;
}

/// By SQLite's rules of affinity: does a text that reads as a number become one?
bool makes_numbers(const std::string& declared) {
  const auto lower = to_lower(declared);
  if (lower.empty()) return false;
  if (lower.find("int") != lower.npos) return true;
  const auto keeping = {"char", "clob", "text", "blob"};
  return std::none_of(keeping.begin(), keeping.end(),
                      [&](const char* part) { return lower.find(part) != lower.npos; });
}

}  // namespace

Result<std::vector<TableColumn>> columns_of(sqlite3* database, const std::string& table) {
  TRY(const auto rows, leat::sqlite::query(database,
                                           "SELECT name, type FROM pragma_table_xinfo(?1) "
                                           "WHERE hidden <> 1 ORDER BY cid",
                                           {table}));
  std::vector<TableColumn> columns;
  for (const auto& row : rows) columns.push_back({row[0], row[1]});
  return columns;
}

Result<std::vector<std::string>> table_names(sqlite3* database) {
  TRY(const auto rows, leat::sqlite::query(database,
                                           "SELECT name FROM sqlite_schema WHERE type IN ('table',"
                                           " 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                                           " ORDER BY name"));
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row[0]);
  return names;
}

bool holds(const TableColumn& there, const data::Column& ours) {
  if (!is_same_name(there.name, ours.name)) return false;
  if (is_same_name(there.declared, declared_of(ours.type))) return true;
  const auto held = held_by(there.declared);
  if (!held) return there.declared.empty();  // A column without a type keeps what it is given.
  if (*held == ours.type || held->id == ours.type.id) return *held == ours.type;
  if (is_integer(*held)) return is_integer(ours.type);
  if (held->is_floating()) return ours.type.is_floating();
  return held->id == data::TypeId::varchar && !stage_type(ours.type) && ours.type.is_text();
}

bool keeps(const TableColumn& there, const data::Column& ours) {
  if (!holds(there, ours)) return false;
  const bool waits_as_text = declared_of(ours.type).find("TEXT") != std::string::npos;
  const bool may_be_number = waits_as_text && ours.type.id != data::TypeId::json;
  return !may_be_number || !makes_numbers(there.declared);
}

}  // namespace leat::connectors::sqlite
