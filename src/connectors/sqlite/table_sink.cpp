#include "connectors/sqlite/table_sink.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/counted.hpp"
#include "base/crash_point.hpp"
#include "base/names.hpp"
#include "base/shell_word.hpp"
#include "clients/sql_target/ledger.hpp"
#include "clients/sql_target/strategies.hpp"
#include "connectors/sqlite/altered_values.hpp"
#include "connectors/sqlite/column_types.hpp"
#include "connectors/sqlite/refused_rows.hpp"
#include "connectors/sqlite/stage_file.hpp"
#include "connectors/sqlite/strategy_values.hpp"
#include "connectors/sqlite/table_columns.hpp"
#include "connectors/sqlite/table_rules.hpp"
#include "connectors/sqlite/transaction.hpp"
#include "core/meet_columns.hpp"

namespace leat::connectors::sqlite {
namespace {

namespace fs = std::filesystem;
using leat::sqlite::Access;
using leat::sqlite::Database;
using leat::sqlite::execute;

class TableSink final : public Sink {
 public:
  TableSink(io::FileSystem& files, TableTarget target)
      : x_files(files), x_target(std::move(target)) {}

  Result<Head> head(const Lane& lane) override {
    TRY(const auto receipt, last_receipt(lane));
    return receipt ? Head{receipt->publish_id, receipt->counter} : Head{};
  }

  Result<std::optional<Receipt>> last_receipt(const Lane& lane) override {
    TRY(const auto database, look());
    if (!database) return std::optional<Receipt>();
    // Where the table is gone its lanes begin again: rows and position cannot part.
    TRY(const auto columns, columns_of(database.get(), x_target.table));
    if (columns.empty()) return std::optional<Receipt>();
    return ledger(database).last_receipt(lane);
  }

  Result<LaneTips> tips(const Lane& lane, Reach) override {
    TRY(const auto database, look());
    if (!database) return LaneTips();
    TRY(const auto columns, columns_of(database.get(), x_target.table));
    if (columns.empty()) return LaneTips();
    return ledger(database).tips(lane);
  }

  Result<std::vector<std::string>> lanes(const Lane& lane) override {
    TRY(const auto database, look());
    if (!database) return std::vector<std::string>();
    TRY(const auto columns, columns_of(database.get(), x_target.table));
    if (columns.empty()) return std::vector<std::string>();
    return ledger(database).lanes(lane);
  }

  Result<std::optional<Receipt>> find(const Uuid& publish_id) override {
    TRY(const auto database, look());
    if (!database) return std::optional<Receipt>();
    return ledger(database).find(publish_id);
  }

  Result<Stage> stage(const PublishPlan& plan) override {
    TRY(prepare(plan));
    TRY(x_writer, StageFile::create(stage_path(plan.publish_id), plan.schema));
    RowStage stage{x_writer.get(), {}};
    for (std::size_t i = 0; i < plan.schema.size(); ++i) {
      const auto travels = stage_type(plan.schema.columns[i].type);
      if (travels) stage.travels_as.emplace_back(i, *travels);
    }
    return Stage(std::move(stage));
  }

  Result<Staged> seal() override {
    LEAT_ASSERT(x_plan.has_value());
    x_writer.reset();
    auto refused = try_staged();
    if (!refused.ok()) return explain(std::move(refused).error());
    const fs::path path = stage_path(x_plan->publish_id);
    crash_point("sqlite.stage.fsync.before");
    TRY(io::sync_file(x_files, path));
    crash_point("sqlite.stage.fsync.after");
    TRY(const auto stat, x_files.stat(path));
    TRY(const auto rows, count_staged(path));
    x_staged = Staged{rows, stat.size, std::move(*refused)};
    return *x_staged;
  }

  Result<RowChanges> commit(const Receipt& receipt) override {
    LEAT_ASSERT(x_staged && receipt.publish_id == x_plan->publish_id);
    // A refusal leaves no file behind where there was none.
    if (x_plan->judge && !x_files.exists(x_target.file)) {
      TRY(x_plan->judge(Difference{.added = x_staged->rows}));
    }
    TRY(x_files.create_folders(x_target.file.parent_path()));
    RowChanges changes;
    {
      TRY(const auto database, open_for_writing());
      TRY(changes, load(database, receipt));
      crash_point("sqlite.close.before");
    }
    crash_point("sqlite.close.after");
    // The rows are published; what cannot be removed goes with the scratch folder.
    static_cast<void>(discard(receipt.publish_id).ok());
    return changes;
  }

  Status discard(const Uuid& publish_id) override {
    x_writer.reset();
    x_staged.reset();
    return x_files.remove(stage_path(publish_id));
  }

  Result<fs::path> hold(const fs::path& folder) override {
    LEAT_ASSERT(x_staged.has_value());
    TRY(x_files.create_folders(folder));
    const fs::path held = folder / "rows.sqlite";
    TRY(io::move_durably(x_files, stage_path(x_plan->publish_id), held));
    x_staged.reset();
    return held;
  }

  Result<Staged> adopt(const PublishPlan& plan, const fs::path& held) override {
    TRY(prepare(plan));
    TRY(io::copy_durably(x_files, held, stage_path(plan.publish_id)));
    TRY(auto staged, seal());
    if (staged.refused.empty()) return staged;
    const auto& row = staged.refused.front();
    return explain(Error(Fault::data, "since these rows were held, the table refuses " +
                                          counted(staged.refused.size(), "row") +
                                          " of them: " + row.message + ": " + row.raw));
  }

  std::string how_to_look() const override {
    return "sqlite3 " + shell_word(x_target.shown) + " " +
           shell_word("SELECT * FROM " + quote_identifier(x_target.table) + " LIMIT 10");
  }

  std::string place() const override { return x_target.shown + ", table " + x_target.table; }

 private:
  fs::path stage_path(const Uuid& id) const {
    return x_target.scratch / ("table-" + id.text() + ".sqlite");
  }
  static sql_target::Query query(const Database& database) {
    return [raw = database.get()](const std::string& sql) {
      return leat::sqlite::carry_out(raw, sql);
    };
  }

  sql_target::Ledger ledger(const Database& database) const {
    sql_target::LedgerPlace place;
    place.commits = "main." + quote_identifier(sql_target::kCommits);
    place.heads = "main." + quote_identifier(sql_target::kHeads);
    place.is_there_sql = "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = " +
                         quote_literal(sql_target::kCommits);
    place.text = place.uuid = place.instant = "TEXT";
    place.count = "INTEGER";
    place.has_keys = true;
    place.executions = std::string("main.") + sql_target::kExecutions;
    place.executions_from = quote_identifier(sql_target::kCommits);
    place.executions_taken_sql =
        std::string("SELECT 1 FROM main.sqlite_schema WHERE lower(name) = ") +
        quote_literal(sql_target::kExecutions);
    place.score = "json_extract(receipt, '$.score')";
    place.table = place.shown = x_target.table;
    place.place = this->place();
    return {std::move(place), query(database)};
  }

  Error explain(Error error) const {
    if (error.is_busy() && error.hint_text().empty()) {
      return Error(Fault::external, "somebody else is writing to " + x_target.shown)
          .busy()
          .hint("wait and run again, or wait longer: `wait: 1m`");
    }
    return std::move(error).during("while publishing to " + place());
  }

  /// Nothing when there is no file.
  Result<Database> look() const {
    if (!x_files.exists(x_target.file)) return Database();
    auto database = leat::sqlite::open_database(x_target.file, Access::look, x_target.wait);
    if (!database.ok()) return explain(std::move(database).error());
    return database;
  }

  /// A file that Leat makes lets readers in while it writes.
  Result<Database> open_for_writing() const {
    const bool is_new = !x_files.exists(x_target.file);
    crash_point("sqlite.open.before");
    TRY(auto database, leat::sqlite::open_database(x_target.file, Access::create, x_target.wait));
    if (is_new) TRY(leat::sqlite::use_wal(database.get(), x_target.wait));
    // Somebody may have made the file and not come to this.
    const auto has_published = ledger(database).is_there();
    if (!has_published.ok()) return explain(has_published.error());
    if (!*has_published) {
      crash_point("sqlite.folder.fsync.before");
      TRY(x_files.sync_folder(x_target.file.parent_path()));
    }
    crash_point("sqlite.open.after");
    return database;
  }

  Status prepare(const PublishPlan& plan) {
    x_plan = plan;
    TRY(discard(plan.publish_id));
    TRY(require_order(plan));
    TRY(const auto database, look());
    if (!database) return require_fit(database, {});
    auto columns = columns_of(database.get(), x_target.table);
    if (!columns.ok()) return explain(std::move(columns).error());
    return require_fit(database, *columns);
  }

  /// May the plan's rows go into a table with these columns?
  Status require_fit(const Database& database, const std::vector<TableColumn>& there) const {
    if (there.empty() && !x_plan->options.create) {
      return Error(Fault::config, place() + " is not there, and `create: false` forbids to make it")
          .hint("make it by another pipeline, or leave `create` out");
    }
    TRY(meet_columns(*x_plan, as_ours(there, *x_plan), place()));
    if (there.empty() || x_plan->strategy != Strategy::replace || x_target.overwrite) return {};
    TRY(const bool is_ours, ledger(database).made_table());
    if (is_ours) return {};
    return Error(Fault::config, place() + " exists and was not made by Leat")
        .refused()
        .hint("name another table, or set `overwrite: true` to replace it");
  }

  /// The rows that the table refuses, where it has rules by which it may; without the others.
  Result<std::vector<RefusedRow>> try_staged() {
    x_rules = {};
    std::vector<RefusedRow> refused;
    {
      TRY(const auto database, look());
      if (!database) return refused;
      TRY(x_rules, rules_of(database.get(), x_target.table));
    }
    if (!x_rules.may_refuse) return refused;
    TRY(const auto database, open_for_writing());
    TRY(attach_stage(database));
    TRY(execute(database.get(), std::string("PRAGMA ") + kStageSchema + ".journal_mode=MEMORY"));
    TRY(auto tried, try_within(database));
    if (tried.empty()) return refused;
    crash_point("sqlite.refused.before");
    TRY(execute(database.get(), "BEGIN"));
    const Transaction transaction(database.get());
    TRY(take_out(database.get(), tried));
    TRY(execute(database.get(), "COMMIT"));
    crash_point("sqlite.refused.after");
    for (auto& row : tried) refused.push_back(std::move(row.refused));
    return refused;
  }

  /// In a transaction that leaves nothing. What does not fit the table any more, the commit tells.
  Result<std::vector<TriedRow>> try_within(const Database& database) {
    TRY(execute(database.get(), "BEGIN IMMEDIATE"));
    const Transaction transaction(database.get());
    TRY(x_rules, rules_of(database.get(), x_target.table));
    TRY(const auto there, columns_of(database.get(), x_target.table));
    const auto met = meet_columns(*x_plan, as_ours(there, *x_plan), place());
    if (met.ok() && is_made_anew(there, *met)) x_rules = {};
    if (!met.ok() || !x_rules.may_refuse) return std::vector<TriedRow>();
    crash_point("sqlite.trial.before");
    const RowTrial trial{
        database.get(), *x_plan, *met, x_rules, x_target.table, trial_now(*met), [&] {
          return shape(database, there, *met);
        }};
    TRY(auto tried, try_rows(trial));
    crash_point("sqlite.trial.after");
    return tried;
  }

  Status attach_stage(const Database& database) const {
    return execute(database.get(), std::string("ATTACH ?1 AS ") + kStageSchema,
                   {stage_path(x_plan->publish_id).string()});
  }

  /// The one transaction.
  Result<RowChanges> load(const Database& database, const Receipt& receipt) const {
    auto done = load_rows(database, receipt);
    if (done.ok()) return done;
    const auto fault = done.error().fault();
    if (fault == Fault::internal && x_rules.may_keep) return explain(keeps_rows(x_rules));
    if (fault == Fault::data && x_rules.may_refuse && done.error().hint_text().empty()) {
      return explain(std::move(done).error().hint(
          "the table took these rows when they were tried, and was written to since: run again"));
    }
    return explain(std::move(done).error());
  }

  Result<RowChanges> load_rows(const Database& database, const Receipt& receipt) const {
    TRY(attach_stage(database));
    TRY(execute(database.get(), "BEGIN IMMEDIATE"));
    const Transaction transaction(database.get());
    TRY(ledger(database).create());
    TRY(const auto there, columns_of(database.get(), x_target.table));
    TRY(require_fit(database, there));
    TRY(ledger(database).advance(*x_plan, receipt, there.empty()));
    TRY(const MetColumns met, meet_columns(*x_plan, as_ours(there, *x_plan), place()));
    if (!is_made_anew(there, met)) {
      TRY(const auto rules, rules_of(database.get(), x_target.table));
      TRY(require_same(x_rules, rules, place()));
      TRY(require_unaltered(database.get(), there, *x_plan));
    }
    const bool makes_table = there.empty() || x_plan->strategy == Strategy::replace;
    auto meeting = meeting_of(met, receipt);
    if (x_plan->judge && x_plan->strategy == Strategy::replace && !there.empty()) {
      TRY(meeting.replaced, weigh(database, meeting, there));
    }
    TRY(shape(database, there, met));
    Receipt written = receipt;
    TRY(written.changes, sql_target::meet(meeting, query(database)));
    crash_point("sqlite.ledger.before");
    TRY(ledger(database).add(written, makes_table));
    crash_point("sqlite.ledger.after");
    crash_point("sqlite.commit.before");
    TRY(execute(database.get(), "COMMIT"));
    crash_point("sqlite.commit.after");
    return written.changes;
  }

  std::string table_sql() const { return "main." + quote_identifier(x_target.table); }

  /// Is a new table made, which has no rules but its columns? Where `on_schema_change` is written
  /// the columns have met already.
  bool is_made_anew(const std::vector<TableColumn>& there, const MetColumns& met) const {
    if (there.empty() || x_plan->strategy != Strategy::replace) return there.empty();
    if (x_plan->options.on_schema_change) return false;
    return !std::equal(there.begin(), there.end(), met.columns.begin(), met.columns.end(), keeps);
  }

  /// Makes the table what the rows go into. One that stays and is replaced is emptied: its indexes
  /// and triggers stay.
  Status shape(const Database& database, const std::vector<TableColumn>& there,
               const MetColumns& met) const {
    if (is_made_anew(there, met)) return make_table(database, met);
    if (x_plan->strategy == Strategy::replace) TRY(empty_table(database));
    return add_columns(database, met);
  }

  Status empty_table(const Database& database) const {
    TRY(execute(database.get(), "DELETE FROM " + table_sql()));
    TRY(const auto left,
        leat::sqlite::query(database.get(), "SELECT 1 FROM " + table_sql() + " LIMIT 1"));
    return left.empty() ? Status() : keeps_rows(x_rules);
  }

  Status make_table(const Database& database, const MetColumns& met) const {
    std::string columns;
    for (const auto& column : met.columns) {
      columns += (columns.empty() ? "" : ", ") + quote_identifier(column.name) + " " +
                 declared_of(column.type);
    }
    TRY(execute(database.get(), "DROP TABLE IF EXISTS " + table_sql()));
    return execute(database.get(), "CREATE TABLE " + table_sql() + " (" + columns + ")");
  }

  Status add_columns(const Database& database, const MetColumns& met) const {
    for (const auto& column : met.added) {
      TRY(execute(database.get(), "ALTER TABLE " + table_sql() + " ADD COLUMN " +
                                      quote_identifier(column.name) + " " +
                                      declared_of(column.type)));
    }
    return {};
  }

  /// The rows that are replaced. Values of another type are compared as text: 1 is not '1' here.
  Result<Difference> weigh(const Database& database, sql_target::Meeting& meeting,
                           const std::vector<TableColumn>& there) const {
    std::vector<std::string> names;
    for (const auto& column : there) {
      const auto index = x_plan->schema.find(column.name);
      if (!index) continue;
      const auto& ours = x_plan->schema.columns[*index];
      names.push_back(ours.name);
      if (!holds(column, ours)) meeting.as_text.push_back(ours.name);
    }
    return sql_target::weigh_replaced(meeting, table_sql(), names, query(database));
  }

  sql_target::Meeting meeting_of(const MetColumns& met, const Receipt& receipt) const {
    sql_target::Meeting meeting{*x_plan, met, table_sql(), {}, {}};
    meeting.stage = staged_rows(x_plan->schema);
    meeting.now = now_literal(met, receipt.committed_at);
    return meeting;
  }

  /// scd2: the time of the commit, written as a value of `valid_from` is.
  std::string now_literal(const MetColumns& met, Instant instant) const {
    if (x_plan->strategy != Strategy::scd2) return "NULL";
    return quote_literal(text_of(instant, valid_from_type(met)));
  }

  std::string trial_now(const MetColumns& met) const {
    return x_plan->strategy == Strategy::scd2 ? now_sql(valid_from_type(met)) : "NULL";
  }

  data::Type valid_from_type(const MetColumns& met) const {
    const data::Schema target{met.columns};
    return target.columns[*target.find(x_plan->options.valid_from)].type;
  }

  io::FileSystem& x_files;
  TableTarget x_target;
  std::optional<PublishPlan> x_plan;
  std::unique_ptr<StageFile> x_writer;
  std::optional<Staged> x_staged;
  TableRules x_rules;  ///< By which the staged rows were tried.
};

}  // namespace

std::unique_ptr<Sink> open_table_sink(io::FileSystem& files, TableTarget target) {
  return std::make_unique<TableSink>(files, std::move(target));
}

}  // namespace leat::connectors::sqlite
