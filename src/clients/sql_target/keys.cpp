#include "base/names.hpp"
#include "clients/sql_target/statements.hpp"

namespace leat::sql_target {
namespace {

using std::string;

/// "customer_id = 7, day = 2024-01-31"
string shown(const std::vector<string>& names, const Row& row) {
  string text;
  for (std::size_t i = 0; i < names.size() && i < row.size(); ++i) {
    text += (text.empty() ? "" : ", ") + names[i] + " = " + row[i].value_or("NULL");
  }
  return text;
}

Status require_values(const Statements& sql, const std::vector<string>& names, const string& what) {
  for (const string& name : names) {
    TRY(const std::uint64_t nulls, sql.number(string("SELECT count(*) FROM ") + kStage + " WHERE " +
                                              Statements::one(name, "") + " IS NULL"));
    if (nulls == 0) continue;
    return Error(Fault::data, std::to_string(nulls) + (nulls == 1 ? " row has" : " rows have") +
                                  " no value in the " + what + " column `" + name + "`")
        .hint("add `- not_null: [" + name + "]` to the checks of " +
              "the dataset: such rows then go to quarantine");
  }
  return {};
}

/// A key that several rows of `table` have, and how many keys are so; nothing when none is.
Result<std::optional<Row>> doubled(const Statements& sql, const string& table) {
  const string keys = Statements::list(sql.options().key);
  TRY(auto rows, sql.query("SELECT " + keys + ", count(*) OVER () FROM " + table + " GROUP BY " +
                           keys + " HAVING count(*) > 1 ORDER BY " + keys + " LIMIT 1"));
  if (rows.empty()) return std::optional<Row>();
  return std::optional<Row>(std::move(rows[0]));
}

Error refuse_doubled(const Statements& sql, const Row& row) {
  const StrategyOptions& options = sql.options();
  const string count = row.back().value_or("?");
  string hint = "keep one of them: `- unique: {columns: [" + join_names(options.key, ", ") +
                "], on_fail: quarantine}` in the checks, or deduplicate in the model";
  hint += options.version.empty()
              ? "; or name a `version:` column, whose greatest value wins"
              : "; `version: " + options.version + "` does not tell which of them is newer";
  return Error(Fault::data, count + (count == "1" ? " key comes" : " keys come") +
                                " more than once in this batch, with different values: " +
                                shown(options.key, row))
      .hint(std::move(hint));
}

/// Rows that are the same are one; then the newest of each key stays.
Status drop_older(const Statements& sql) {
  const string scratch = kMeeting;
  TRY(sql.execute("CREATE TEMPORARY TABLE " + scratch + " AS SELECT DISTINCT * FROM " + kStage));
  TRY(sql.execute(string("DROP TABLE ") + kStage));
  TRY(sql.execute(string("CREATE TEMPORARY TABLE ") + kStage + " AS SELECT * FROM " + scratch));
  TRY(sql.execute("DROP TABLE " + scratch));
  if (sql.options().version.empty()) return {};
  const string newer = Statements::one(sql.options().version, "n");
  const string version = Statements::one(sql.options().version, "s");
  const string stage = kStage;
  return sql.execute("DELETE FROM " + stage + " AS s WHERE EXISTS (SELECT 1 FROM " + stage +
                     " AS n WHERE " + Statements::equal(sql.options().key, "n", "s") + " AND (" +
                     newer + " > " + version + " OR (" + version + " IS NULL AND " + newer +
                     " IS NOT NULL)))");
}

}  // namespace

Result<std::uint64_t> stage_keys(const Statements& sql) {
  const StrategyOptions& options = sql.options();
  const string gone =
      options.delete_when.empty() ? "FALSE" : "COALESCE((" + options.delete_when + "\n), FALSE)";
  TRY(sql.execute(string("CREATE TEMPORARY TABLE ") + kStage + " AS SELECT " +
                  Statements::list(sql.written()) + ", " + gone + " AS _leat_gone FROM " +
                  sql.meeting().stage));
  const string count = string("SELECT count(*) FROM ") + kStage;
  TRY(const std::uint64_t staged, sql.number(count));
  TRY(require_values(sql, options.key, "key"));
  if (sql.plan().strategy == Strategy::scd2 && !options.version.empty()) {
    TRY(require_values(sql, {options.version}, "version"));
  }
  TRY(const auto first, doubled(sql, kStage));
  if (!first) return std::uint64_t{0};
  TRY(drop_older(sql));
  TRY(const auto still, doubled(sql, kStage));
  if (still) return refuse_doubled(sql, *still);
  TRY(const std::uint64_t kept, sql.number(count));
  return staged - kept;
}

Status require_target_keys(const Statements& sql) {
  TRY(const auto row, doubled(sql, kMeeting));
  if (!row) return {};
  return Error(Fault::config, "the target has more than one row with " +
                                  shown(sql.options().key, *row) + ", so it is not clear which " +
                                  "of them the new row is to meet")
      .hint("remove what is doubled there, or name a `key` that tells its rows apart");
}

}  // namespace leat::sql_target
