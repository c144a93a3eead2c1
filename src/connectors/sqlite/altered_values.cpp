#include "connectors/sqlite/altered_values.hpp"

#include "base/names.hpp"
#include "clients/sqlite/database.hpp"
#include "connectors/sqlite/stage_file.hpp"

namespace leat::connectors::sqlite {
namespace {

/// SQL: is the text `value` another one once a column has made a number of it?
std::string is_altered(const std::string& value, const data::Type& type) {
  if (type.is_numeric()) {
    const auto plain = "CASE WHEN " + value + " LIKE '%.%' THEN rtrim(rtrim(" + value +
                       ", '0'), '.') ELSE " + value + " END";
    return "length(trim(replace(replace(" + value +
           ", '-', ''), '.', ''), '0')) > 15 AND CAST(CAST(CAST(" + value +
           " AS NUMERIC) AS INTEGER) AS TEXT) <> " + plain;
  }
  // Compared with a number a text that reads as one is that number.
  return "CAST(" + value + " AS NUMERIC) = CAST(" + value + " AS TEXT) AND CAST(CAST(" + value +
         " AS NUMERIC) AS TEXT) <> " + value;
}

}  // namespace

Status require_unaltered(sqlite3* database, const std::vector<TableColumn>& there,
                         const PublishPlan& plan) {
  for (const auto& column : there) {
    const auto index = plan.schema.find(column.name);
    if (!index) continue;
    const auto& ours = plan.schema.columns[*index];
    if (!holds(column, ours) || keeps(column, ours)) continue;
    const auto value = stage_column(*index);
    TRY(const auto found,
        leat::sqlite::query(database, "SELECT " + value + " FROM " + kStageSchema + "." +
                                          kStageTable + " WHERE " + is_altered(value, ours.type) +
                                          " LIMIT 1"));
    if (found.empty()) continue;
    return Error(Fault::data, "column `" + column.name + "` is declared " + column.declared +
                                  ", and SQLite would make another value of " + found[0][0])
        .with("column", ours.name)
        .hint("nothing was changed; declare the column TEXT, or publish to a new table");
  }
  return {};
}

}  // namespace leat::connectors::sqlite
