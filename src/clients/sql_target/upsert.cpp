#include "base/names.hpp"
#include "clients/sql_target/statements.hpp"

namespace leat::sql_target {

Result<RowChanges> upsert(const Statements& sql, const KeyedStage& stage,
                          const std::vector<std::string>& update) {
  const std::string columns = Statements::list(sql.written());
  std::string set;
  for (const std::string& name : update) {
    set += (set.empty() ? "" : ", ") + quote_identifier(name) + " = " +
           Statements::one(name, "excluded");
  }
  const std::string met =
      set.empty() ? "NOTHING"
                  : "UPDATE SET " + set + " WHERE " + sql.differ(update, "excluded", "t");
  TRY(const auto rows, sql.query("WITH w AS (INSERT INTO " + sql.meeting().target + " AS t (" +
                                 columns + ") SELECT " + columns + " FROM " + stage.from +
                                 " AS s ON CONFLICT (" + Statements::list(sql.options().key) +
                                 ") DO " + met + " RETURNING " + sql.meeting().is_new_row +
                                 " AS is_new) SELECT count(*), count(*) FILTER "
                                 "(WHERE is_new) FROM w"));
  const auto written = number_in(rows);
  RowChanges changes;
  changes.inserted = number_in(rows, 1);
  changes.updated = written - changes.inserted;
  changes.unchanged = stage.rows - written;
  changes.superseded = stage.superseded;
  return changes;
}

}  // namespace leat::sql_target
