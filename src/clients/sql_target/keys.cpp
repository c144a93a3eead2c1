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

/// A key of one number, day or moment is sorted faster than it is grouped by.
bool is_sorted_fast(const Statements& sql) {
  const auto& key = sql.options().key;
  const auto column = sql.plan().schema.find(key[0]);
  if (key.size() != 1 || !column) return false;
  const auto& type = sql.plan().schema.columns[*column].type;
  return type.is_whole() || type.id == data::TypeId::date || type.id == data::TypeId::timestamp;
}

struct Counted {
  std::uint64_t rows = 0;
  bool is_single = false;  ///< No two rows have one key.
};

/// Looks at the rows once; each has a value in its key, and in `version`.
Result<Counted> count_valued(const Statements& sql, const string& from, const string& version) {
  const auto& key = sql.options().key;
  auto names = key;
  if (!version.empty()) names.push_back(version);
  const bool counts_keys = is_sorted_fast(sql);
  string counts = "count(*)";
  for (const string& name : names) counts += ", count(" + Statements::one(name, "") + ")";
  if (counts_keys) counts += ", count(DISTINCT " + Statements::one(key[0], "") + ")";
  TRY(const auto rows, sql.query("SELECT " + counts + " FROM " + from + " AS s"));
  const std::uint64_t all = number_in(rows);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::uint64_t nulls = all - number_in(rows, i + 1);
    if (nulls == 0) continue;
    return Error(Fault::data, std::to_string(nulls) + (nulls == 1 ? " row has" : " rows have") +
                                  " no value in the " + (i < key.size() ? "key" : "version") +
                                  " column `" + names[i] + "`")
        .hint("add `- not_null: [" + names[i] + "]` to the checks of " +
              "the dataset: such rows then go to quarantine");
  }
  if (counts_keys) return Counted{all, number_in(rows, names.size() + 1) == all};
  TRY(const bool is_single, sql.is_each_key_once(from));
  return Counted{all, is_single};
}

/// A key that several rows of `table` have, and how many keys are so. One has.
Result<Row> doubled(const Statements& sql, const string& table) {
  const string keys = Statements::list(sql.options().key);
  TRY(auto rows, sql.query("SELECT " + keys + ", count(*) OVER () FROM " + table + " GROUP BY " +
                           keys + " HAVING count(*) > 1 ORDER BY " + keys + " LIMIT 1"));
  if (rows.empty()) return Error(Fault::internal, "a key that is doubled was not found again");
  return std::move(rows[0]);
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
Status keep_newest(const Statements& sql, const string& from) {
  const string stage = kStage;
  TRY(sql.execute("CREATE TEMPORARY TABLE " + stage + " AS SELECT DISTINCT * FROM " + from +
                  " AS s"));
  if (sql.options().version.empty()) return {};
  const string newer = Statements::one(sql.options().version, "n");
  const string version = Statements::one(sql.options().version, "s");
  return sql.execute("DELETE FROM " + stage + " AS s WHERE EXISTS (SELECT 1 FROM " + stage +
                     " AS n WHERE " + Statements::equal(sql.options().key, "n", "s") + " AND (" +
                     newer + " > " + version + " OR (" + version + " IS NULL AND " + newer +
                     " IS NOT NULL)))");
}

}  // namespace

Result<KeyedStage> stage_keys(const Statements& sql) {
  const StrategyOptions& options = sql.options();
  const string gone =
      options.delete_when.empty() ? "FALSE" : "COALESCE((" + options.delete_when + "\n), FALSE)";
  const string from = "(SELECT " + Statements::list(sql.written()) + ", " + gone +
                      " AS _leat_gone FROM " + sql.meeting().stage + ")";
  const bool needs_version = sql.plan().strategy == Strategy::scd2;
  TRY(const auto staged, count_valued(sql, from, needs_version ? options.version : ""));
  if (staged.is_single) return KeyedStage{from, staged.rows, 0};
  TRY(keep_newest(sql, from));
  TRY(const bool is_single_now, sql.is_each_key_once(kStage));
  if (!is_single_now) {
    TRY(const auto row, doubled(sql, kStage));
    return refuse_doubled(sql, row);
  }
  TRY(const std::uint64_t kept, sql.number(string("SELECT count(*) FROM ") + kStage));
  return KeyedStage{kStage, kept, staged.rows - kept};
}

Status require_target_keys(const Statements& sql, const KeyedStage& stage,
                           const std::map<string, std::uint64_t>& actions) {
  std::uint64_t met = 0;
  for (const auto& [action, count] : actions) met += count;
  if (met == stage.rows) return {};
  TRY(const auto row, doubled(sql, kMeeting));
  return Error(Fault::config, "the target has more than one row with " +
                                  shown(sql.options().key, row) + ", so it is not clear which " +
                                  "of them the new row is to meet")
      .hint("remove what is doubled there, or name a `key` that tells its rows apart");
}

}  // namespace leat::sql_target
