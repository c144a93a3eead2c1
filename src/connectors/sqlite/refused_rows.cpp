#include "connectors/sqlite/refused_rows.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/names.hpp"
#include "clients/sql_target/statements.hpp"
#include "connectors/sqlite/row_json.hpp"
#include "connectors/sqlite/stage_file.hpp"
#include "connectors/sqlite/strategy_values.hpp"

namespace leat::connectors::sqlite {
namespace {

using leat::sqlite::execute;
using sql_target::Statements;

constexpr const char* kOrder = "temp._leat_order";
constexpr std::int64_t kBlockRows = 4096;
constexpr std::size_t kRefusedMax = 100'000;

/// Why the table does not take rows, in SQLite's words; nothing where it does.
using Refusal = std::optional<std::string>;

bool is_by_key(Strategy strategy) {
  return strategy == Strategy::merge || strategy == Strategy::scd2;
}

/// The publish of all rows, which nobody judges.
PublishPlan whole_plan(const PublishPlan& plan) {
  auto whole = plan;
  whole.judge = {};
  return whole;
}

/// That of some rows, where all is ready for them.
PublishPlan part_plan(const PublishPlan& plan) {
  auto part = whole_plan(plan);
  if (!is_by_key(plan.strategy)) part.strategy = Strategy::append;
  part.options.close_deleted = false;
  return part;
}

class Trial {
 public:
  explicit Trial(const RowTrial& trial)
      : x_trial(trial),
        x_target("main." + quote_identifier(trial.table)),
        x_whole(whole_plan(trial.plan)),
        x_part(part_plan(trial.plan)) {}

  Result<std::vector<TriedRow>> run() {
    for (;;) {
      auto all = attempt([this] { return meet_all(); }, false);
      if (!all.ok() && is_told_later(all.error())) return std::move(x_refused);
      TRY(const auto refusal, std::move(all));
      if (!refusal) return std::move(x_refused);
      const auto before = x_refused.size();
      TRY(meet_in_parts());
      if (x_refused.size() == before) return Error(Fault::data, "SQLite: " + *refusal);
      TRY(take_out(x_trial.database, x_refused, before));
    }
  }

 private:
  Status run_sql(const std::string& sql) { return execute(x_trial.database, sql); }

  sql_target::Query query() const {
    return [raw = x_trial.database](const std::string& sql) {
      return leat::sqlite::carry_out(raw, sql);
    };
  }

  /// What our own rules refuse does not come from the table.
  static bool is_told_later(const Error& error) {
    return (error.fault() == Fault::data || error.fault() == Fault::config) && !error.is_refused();
  }

  template <typename Work>
  Result<Refusal> attempt(const Work& work, bool keeps) {
    auto* const database = x_trial.database;
    TRY(run_sql("SAVEPOINT leat_try"));
    const Status done = work();
    const int code = sqlite3_errcode(database) & 0xff;
    Refusal said = sqlite3_errmsg(database);
    if (sqlite3_get_autocommit(database) != 0) return undoes_all(*said);
    if (!done.ok() || !keeps) TRY(run_sql("ROLLBACK TO leat_try"));
    TRY(run_sql("RELEASE leat_try"));
    if (done.ok()) return Refusal();
    if (done.error().fault() == Fault::internal && x_trial.rules.may_keep) {
      return keeps_rows(x_trial.rules);
    }
    const bool is_refused = code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH;
    if (is_refused && done.error().fault() == Fault::data) return said;
    return done.error();
  }

  static Error undoes_all(const std::string& said) {
    return Error(Fault::config,
                 "a rule of the table undoes the whole publish, not only its row: " + said)
        .refused()
        .hint(
            "RAISE(ABORT) and ON CONFLICT ABORT refuse one row, which then goes to quarantine; "
            "ROLLBACK lets none of the others in");
  }

  Status meet_all() {
    TRY(x_trial.shape());
    if (x_whole.strategy == Strategy::delete_insert && !x_trial.rules.triggers.empty()) {
      TRY(const auto left, sql_target::make_room(meeting(x_whole), query()));
      if (left > 0) return keeps_rows(x_trial.rules);
    }
    TRY(sql_target::meet(meeting(x_whole), query()));
    return {};
  }

  sql_target::Meeting meeting(const PublishPlan& plan, const std::string& where = "") const {
    sql_target::Meeting meeting{plan, x_trial.met, x_target, {}, {}};
    meeting.stage = staged_rows(plan.schema, where);
    meeting.now = x_trial.now;
    return meeting;
  }

  /// All is undone again but what was found.
  Status meet_in_parts() {
    TRY(run_sql("SAVEPOINT leat_parts"));
    TRY(x_trial.shape());
    if (x_whole.strategy == Strategy::delete_insert) {
      TRY(sql_target::make_room(meeting(x_whole), query()));
    }
    TRY(put_in_order());
    TRY(const auto rows,
        leat::sqlite::query(x_trial.database, std::string("SELECT count(*) FROM ") + kOrder));
    TRY(meet_part(1, std::stoll(rows.at(0).at(0))));
    TRY(run_sql("ROLLBACK TO leat_parts"));
    return run_sql("RELEASE leat_parts");
  }

  /// By key: rows that delete go before those that change one, and new ones come last.
  Status put_in_order() {
    TRY(
        run_sql(std::string("CREATE TEMPORARY TABLE _leat_order (position INTEGER PRIMARY KEY, "
                            "row INTEGER)")));
    const std::string fill = std::string("INSERT INTO ") + kOrder + " (row) SELECT ";
    const std::string staged = std::string(kStageSchema) + "." + kStageTable;
    if (!is_by_key(x_whole.strategy)) {
      return run_sql(fill + "rowid FROM " + staged + " ORDER BY rowid");
    }
    const auto& options = x_whole.options;
    // Each part looks for its keys.
    TRY(run_sql("CREATE INDEX main._leat_keys ON " + quote_identifier(x_trial.table) + " (" +
                Statements::list(options.key) + ")"));
    const auto gone = options.delete_when.empty() ? "FALSE" : "(" + options.delete_when + "\n)";
    return run_sql(fill + "_leat_row FROM (SELECT *, " + gone + " AS _leat_gone FROM " +
                   staged_rows(x_whole.schema, "", "rowid AS _leat_row, ") +
                   ") AS s ORDER BY CASE WHEN _leat_gone THEN 0 WHEN EXISTS (SELECT 1 FROM " +
                   x_target + " AS t WHERE " + Statements::equal(options.key, "t", "s") +
                   ") THEN 1 ELSE 2 END, _leat_row");
  }

  Status meet_part(std::int64_t first, std::int64_t last) {
    const auto where = std::string("rowid IN (SELECT row FROM ") + kOrder +
                       " WHERE position BETWEEN " + std::to_string(first) + " AND " +
                       std::to_string(last) + ")";
    const auto meet = [&]() -> Status {
      TRY(sql_target::meet(meeting(x_part, where), query()));
      return {};
    };
    TRY(const auto refusal, attempt(meet, true));
    if (!refusal) return {};
    if (first == last) return refuse(where, *refusal);
    const auto rows = last - first + 1;
    const auto step = rows > kBlockRows ? kBlockRows : (rows + 1) / 2;
    for (auto at = first; at <= last; at += step) {
      TRY(meet_part(at, std::min(last, at + step - 1)));
    }
    return {};
  }

  Status refuse(const std::string& where, const std::string& why) {
    if (x_refused.size() == kRefusedMax) {
      return Error(Fault::data, "the table refuses more than " + std::to_string(kRefusedMax) +
                                    " rows, the last of them since: " + why)
          .refused()
          .hint("add a check for it to the dataset: such rows then go to quarantine at once");
    }
    TRY(const auto row, leat::sqlite::prepare(x_trial.database,
                                              std::string("SELECT *, rowid FROM ") + kStageSchema +
                                                  "." + kStageTable + " WHERE " + where));
    const int code = sqlite3_step(row.get());
    if (code != SQLITE_ROW) return leat::sqlite::failure(x_trial.database, code);
    const auto id = sqlite3_column_int64(row.get(), int(x_whole.schema.size()));
    x_refused.push_back({id, {why, row_json(row.get(), x_whole.schema)}});
    return {};
  }

  const RowTrial& x_trial;
  const std::string x_target;
  const PublishPlan x_whole;
  const PublishPlan x_part;
  std::vector<TriedRow> x_refused;
};

}  // namespace

Result<std::vector<TriedRow>> try_rows(const RowTrial& trial) { return Trial(trial).run(); }

Status take_out(sqlite3* database, const std::vector<TriedRow>& rows, std::size_t from) {
  TRY(const auto remove,
      leat::sqlite::prepare(database, std::string("DELETE FROM ") + kStageSchema + "." +
                                          kStageTable + " WHERE rowid = ?1"));
  for (std::size_t i = from; i < rows.size(); ++i) {
    sqlite3_bind_int64(remove.get(), 1, rows[i].row);
    const int code = sqlite3_step(remove.get());
    if (code != SQLITE_DONE) return leat::sqlite::failure(database, code);
    sqlite3_reset(remove.get());
  }
  return {};
}

}  // namespace leat::connectors::sqlite
