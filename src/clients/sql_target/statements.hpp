#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "clients/sql_target/strategies.hpp"

namespace leat::sql_target {

inline constexpr const char* kStage = "_leat_stage";
inline constexpr const char* kMeeting = "_leat_meeting";

/// Pieces of SQL over lists of columns, and statements whose counts are looked at.
class Statements {
 public:
  Statements(const Meeting& meeting, const Query& query) : x_meeting(meeting), x_query(query) {}

  const PublishPlan& plan() const { return x_meeting.plan; }
  const StrategyOptions& options() const { return x_meeting.plan.options; }
  const Meeting& meeting() const { return x_meeting; }
  const std::vector<std::string>& written() const { return x_meeting.columns.written; }
  /// Those of `names` that are written, or all written ones but `but` when there are no names.
  std::vector<std::string> written_of(const std::vector<std::string>& names,
                                      const std::vector<std::string>& but) const;

  /// `"a", "b"`, each with `table` and a point before it unless that is empty.
  static std::string list(const std::vector<std::string>& names, const std::string& table = "");
  /// `s."a" = t."a" AND …`; `same` is the comparison.
  static std::string equal(const std::vector<std::string>& names, const std::string& left,
                           const std::string& right, const std::string& same = "=");
  /// `(s."a" IS DISTINCT FROM t."a" OR …)`, with what tells loose ones apart; no names: FALSE.
  std::string differ(const std::vector<std::string>& names, const std::string& left,
                     const std::string& right) const;
  static std::string one(const std::string& name, const std::string& table);

  Status execute(const std::string& sql) const;
  Result<std::vector<Row>> query(const std::string& sql) const { return x_query(sql); }
  Result<std::uint64_t> number(const std::string& sql) const;
  /// No two rows of `from` have one key.
  Result<bool> is_each_key_once(const std::string& from) const;
  /// A statement that must change as many rows as were meant.
  Status change(const std::string& sql, std::uint64_t meant) const;
  /// Other rows were changed than were meant.
  Error lost(std::uint64_t meant, std::uint64_t changed) const;
  Status drop_tables() const;
  /// How many rows of the meeting table there are of each action.
  Result<std::map<std::string, std::uint64_t>> actions() const;

 private:
  const Meeting& x_meeting;
  const Query& x_query;
};

/// The staged rows, each key once, and with `_leat_gone`.
struct KeyedStage {
  std::string from;  ///< To stand behind FROM, an alias behind it.
  std::uint64_t rows = 0;
  std::uint64_t superseded = 0;  ///< Rows that were left out.
};

/// Rows that are the same in all columns are one; of others with one key the newest by `version`
/// stays. What is so already is not copied.
/// Errors  data, a key without a value, or one that comes more than once with other values.
Result<KeyedStage> stage_keys(const Statements& sql);

/// The target may have each key that meets a staged one only once: else a staged row was met more
/// than once, and the actions are more than the rows.
Status require_target_keys(const Statements& sql, const KeyedStage& stage,
                           const std::map<std::string, std::uint64_t>& actions);

Result<RowChanges> merge(const Statements& sql);
/// As merge, by one statement of the target's own: each row is looked for once, where a join that
/// tells new rows from changed ones and the statements that follow it look twice. `update` is what
/// a row that is there takes over.
Result<RowChanges> upsert(const Statements& sql, const KeyedStage& stage,
                          const std::vector<std::string>& update);
Result<RowChanges> scd2(const Statements& sql);

}  // namespace leat::sql_target
