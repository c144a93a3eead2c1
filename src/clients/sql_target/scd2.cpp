#include "base/names.hpp"
#include "clients/sql_target/statements.hpp"

namespace leat::sql_target {
namespace {

using std::string;

/// Since when a staged row holds.
string since(const Statements& sql, const string& table) {
  const string& version = sql.options().version;
  return version.empty() ? sql.meeting().now : Statements::one(version, table);
}

std::vector<string> compared_columns(const Statements& sql) {
  const StrategyOptions& options = sql.options();
  std::vector<string> but = options.key;
  but.push_back(options.version);
  return sql.written_of(options.compare, but);
}

/// Each staged row beside the current row of its key. A row that is older than what its key's
/// history has seen is superseded: history is never rewritten.
Status classify(const Statements& sql, const KeyedStage& stage) {
  const StrategyOptions& options = sql.options();
  const string from = Statements::one(options.valid_from, "t");
  const string target = sql.meeting().target;
  const string keys = Statements::list(options.key);
  const string first = options.key[0];
  string action = "CASE";
  if (!options.version.empty()) {
    action += " WHEN s._leat_since < " + from +
              " OR s._leat_since < h._leat_last THEN "
              "'superseded'";
  }
  action += " WHEN " + Statements::one(first, "t") + " IS NULL THEN 'insert' WHEN NOT " +
            sql.differ(compared_columns(sql), "s", "t") +
            " THEN 'same' WHEN s._leat_since <= " + from + " THEN 'correct' ELSE 'update' END";
  return sql.execute(
      string("CREATE TEMPORARY TABLE ") + kMeeting + " AS SELECT s.*, " + action +
      " AS _leat_action FROM (SELECT *, " + since(sql, "") + " AS _leat_since FROM " + stage.from +
      " AS staged) AS s LEFT JOIN (SELECT * FROM " + target + " WHERE " +
      quote_identifier(options.current) + ") AS t ON " + Statements::equal(options.key, "s", "t") +
      " LEFT JOIN (SELECT " + keys + ", max(" + quote_identifier(options.valid_to) +
      ") AS _leat_last FROM " + target + " GROUP BY " + keys + ") AS h ON " +
      Statements::equal(options.key, "s", "h"));
}

string meets_current(const Statements& sql, const string& action) {
  return Statements::one(sql.options().current, "t") + " AND m._leat_action = '" + action +
         "' AND " + Statements::equal(sql.options().key, "m", "t");
}

/// A row that holds since no later than the current one does takes its place.
Status correct(const Statements& sql, std::uint64_t meant) {
  string set;
  for (const string& name : sql.written_of({}, sql.options().key)) {
    set += (set.empty() ? "" : ", ") + quote_identifier(name) + " = " + Statements::one(name, "m");
  }
  return sql.change("UPDATE " + sql.meeting().target + " AS t SET " + set + " FROM " + kMeeting +
                        " AS m WHERE " + meets_current(sql, "correct"),
                    meant);
}

Status close_updated(const Statements& sql, std::uint64_t meant) {
  const StrategyOptions& options = sql.options();
  return sql.change("UPDATE " + sql.meeting().target + " AS t SET " +
                        quote_identifier(options.valid_to) + " = m._leat_since, " +
                        quote_identifier(options.current) + " = FALSE FROM " + kMeeting +
                        " AS m WHERE " + meets_current(sql, "update"),
                    meant);
}

/// Keys that are not staged any more are closed now, and never before they began.
Result<std::uint64_t> close_deleted(const Statements& sql, const KeyedStage& stage) {
  const StrategyOptions& options = sql.options();
  const string from = quote_identifier(options.valid_from);
  const string& now = sql.meeting().now;
  return sql.number("UPDATE " + sql.meeting().target + " AS t SET " +
                    quote_identifier(options.valid_to) + " = CASE WHEN " + now + " < " + from +
                    " THEN " + from + " ELSE " + now + " END, " +
                    quote_identifier(options.current) + " = FALSE WHERE " +
                    quote_identifier(options.current) + " AND NOT EXISTS (SELECT 1 FROM " +
                    stage.from + " AS s WHERE " + Statements::equal(options.key, "s", "t") + ")");
}

Status insert(const Statements& sql, std::uint64_t meant) {
  const StrategyOptions& options = sql.options();
  const string columns = Statements::list(sql.written());
  const string own = Statements::list({options.valid_from, options.valid_to, options.current});
  return sql.change("INSERT INTO " + sql.meeting().target + " (" + columns + ", " + own +
                        ") SELECT " + columns + ", _leat_since, NULL, TRUE FROM " + kMeeting +
                        " WHERE _leat_action IN ('insert', 'update')",
                    meant);
}

}  // namespace

Result<RowChanges> scd2(const Statements& sql) {
  RowChanges changes;
  TRY(const auto stage, stage_keys(sql));
  TRY(classify(sql, stage));
  TRY(auto counts, sql.actions());
  TRY(require_target_keys(sql, stage, counts));
  if (counts["correct"] > 0) TRY(correct(sql, counts["correct"]));
  if (counts["update"] > 0) TRY(close_updated(sql, counts["update"]));
  if (sql.options().close_deleted) {
    TRY(changes.deleted, close_deleted(sql, stage));
  }
  TRY(insert(sql, counts["insert"] + counts["update"]));
  changes.inserted = counts["insert"];
  changes.updated = counts["update"] + counts["correct"];
  changes.unchanged = counts["same"];
  changes.superseded = stage.superseded + counts["superseded"];
  return changes;
}

}  // namespace leat::sql_target
