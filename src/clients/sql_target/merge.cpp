#include "base/names.hpp"
#include "clients/sql_target/statements.hpp"

namespace leat::sql_target {
namespace {

using std::string;

/// Each staged row with what is to become of it: one join, looked at once.
Status classify(const Statements& sql, const KeyedStage& stage, const std::vector<string>& update) {
  const StrategyOptions& options = sql.options();
  const string version = Statements::one(options.version, "s");
  const string there = Statements::one(options.version, "t");
  string action = "CASE WHEN " + Statements::one(options.key[0], "t") +
                  " IS NULL THEN CASE WHEN s._leat_gone THEN 'absent' ELSE 'insert' END";
  if (!options.version.empty()) {
    action += " WHEN " + there + " IS NOT NULL AND (" + version + " IS NULL OR " + version + " < " +
              there + ") THEN 'superseded'";
  }
  action += " WHEN s._leat_gone THEN 'delete' WHEN " + sql.differ(update, "s", "t") +
            " THEN 'update' ELSE 'same' END";
  return sql.execute(string("CREATE TEMPORARY TABLE ") + kMeeting + " AS SELECT s.*, " + action +
                     " AS _leat_action FROM " + stage.from + " AS s LEFT JOIN " +
                     sql.meeting().target + " AS t ON " + Statements::equal(options.key, "s", "t"));
}

std::vector<string> updated_columns(const Statements& sql) {
  const StrategyOptions& options = sql.options();
  auto names = sql.written_of(options.update, options.key);
  // A row that stays older than it is would be changed again by a late one.
  if (!options.version.empty() && !options.update.empty()) {
    const auto version = sql.written_of({options.version}, {});
    if (std::find(names.begin(), names.end(), options.version) == names.end()) {
      names.insert(names.end(), version.begin(), version.end());
    }
  }
  return names;
}

string is_met(const Statements& sql, const string& action) {
  return "m._leat_action = '" + action + "' AND " + Statements::equal(sql.options().key, "m", "t");
}

}  // namespace

Result<RowChanges> merge(const Statements& sql) {
  RowChanges changes;
  TRY(const auto stage, stage_keys(sql));
  const auto update = updated_columns(sql);
  if (!sql.meeting().is_new_row.empty()) return upsert(sql, stage, update);
  TRY(classify(sql, stage, update));
  TRY(auto counts, sql.actions());
  TRY(require_target_keys(sql, stage, counts));
  const string& target = sql.meeting().target;
  const string meeting = kMeeting;
  if (counts["delete"] > 0) {
    TRY(sql.change("DELETE FROM " + target + " AS t WHERE EXISTS (SELECT 1 FROM " + meeting +
                       " AS m WHERE " + is_met(sql, "delete") + ")",
                   counts["delete"]));
  }
  if (counts["update"] > 0) {
    string set;
    for (const string& name : update) {
      set +=
          (set.empty() ? "" : ", ") + quote_identifier(name) + " = " + Statements::one(name, "m");
    }
    TRY(sql.change("UPDATE " + target + " AS t SET " + set + " FROM " + meeting + " AS m WHERE " +
                       is_met(sql, "update"),
                   counts["update"]));
  }
  if (counts["insert"] > 0) {
    const string columns = Statements::list(sql.written());
    TRY(sql.change("INSERT INTO " + target + " (" + columns + ") SELECT " + columns + " FROM " +
                       meeting + " WHERE _leat_action = 'insert'",
                   counts["insert"]));
  }
  changes.inserted = counts["insert"];
  changes.updated = counts["update"];
  changes.deleted = counts["delete"];
  changes.unchanged = counts["same"] + counts["absent"];
  changes.superseded = stage.superseded + counts["superseded"];
  return changes;
}

}  // namespace leat::sql_target
