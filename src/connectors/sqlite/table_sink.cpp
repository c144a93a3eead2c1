#include "connectors/sqlite/table_sink.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/crash_point.hpp"
#include "base/names.hpp"
#include "connectors/sqlite/column_types.hpp"
#include "connectors/sqlite/ledger_tables.hpp"
#include "connectors/sqlite/stage_file.hpp"
#include "connectors/sqlite/table_columns.hpp"

namespace leat::connectors::sqlite {
namespace {

namespace fs = std::filesystem;
using leat::sqlite::Access;
using leat::sqlite::Database;
using leat::sqlite::execute;

/// Rolled back unless it was committed.
class Transaction {
 public:
  explicit Transaction(sqlite3* database) : x_database(database) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    // After a failed COMMIT the transaction may be open or not.
    if (sqlite3_get_autocommit(x_database) == 0) {
      static_cast<void>(execute(x_database, "ROLLBACK").ok());
    }
  }

 private:
  sqlite3* x_database;
};

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
    const fs::path path = stage_path(x_plan->publish_id);
    crash_point("sqlite.stage.fsync.before");
    TRY(io::sync_file(x_files, path));
    crash_point("sqlite.stage.fsync.after");
    TRY(const auto stat, x_files.stat(path));
    TRY(const auto rows, count_staged(path));
    x_staged = Staged{rows, stat.size};
    return *x_staged;
  }

  Result<RowChanges> commit(const Receipt& planned) override {
    LEAT_ASSERT(x_staged && planned.publish_id == x_plan->publish_id);
    Receipt receipt = planned;
    receipt.changes.inserted = x_staged->rows;
    TRY(x_files.create_folders(x_target.file.parent_path()));
    {
      TRY(const auto database, open_for_writing());
      TRY(load(database, receipt));
      crash_point("sqlite.close.before");
    }
    crash_point("sqlite.close.after");
    // The rows are published; what cannot be removed goes with the scratch folder.
    static_cast<void>(discard(receipt.publish_id).ok());
    return receipt.changes;
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
    return seal();
  }

  std::string how_to_look() const override {
    return "sqlite3 " + x_target.shown + " 'SELECT * FROM " + quote_identifier(x_target.table) +
           " LIMIT 10'";
  }

  std::string place() const override { return x_target.shown + ", table " + x_target.table; }

 private:
  fs::path stage_path(const Uuid& id) const {
    return x_target.scratch / ("table-" + id.text() + ".sqlite");
  }
  LedgerTables ledger(const Database& database) const { return {database.get(), x_target.table}; }

  Error explain(Error error) const {
    if (error.is_busy()) {
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
    if (is_new) {
      TRY(leat::sqlite::use_wal(database.get(), x_target.wait));
      crash_point("sqlite.folder.fsync.before");
      TRY(x_files.sync_folder(x_target.file.parent_path()));
    }
    crash_point("sqlite.open.after");
    return database;
  }

  Status prepare(const PublishPlan& plan) {
    x_plan = plan;
    TRY(discard(plan.publish_id));
    TRY(require_known_change());
    TRY(const auto database, look());
    if (!database) return require_fit(database, {});
    auto columns = columns_of(database.get(), x_target.table);
    if (!columns.ok()) return explain(std::move(columns).error());
    return require_fit(database, *columns);
  }

  Status require_known_change() const {
    const auto asked = x_plan->options.on_schema_change;
    if (!asked || *asked == OnSchemaChange::fail) return {};
    return Error(Fault::config, "a SQLite table does not follow changed columns yet")
        .hint("leave `on_schema_change` out, or use `strategy: replace`");
  }

  Status require_create() const {
    if (x_plan->options.create) return {};
    return Error(Fault::config, place() + " is not there, and `create: false` forbids to make it")
        .hint("make it by another pipeline, or leave `create` out");
  }

  /// May the plan's rows go into a table with these columns?
  Status require_fit(const Database& database, const std::vector<TableColumn>& columns) const {
    if (columns.empty()) return require_create();
    if (x_plan->strategy == Strategy::append) return require_columns(columns);
    if (x_target.overwrite) return {};
    TRY(const bool is_ours, ledger(database).made_table());
    if (is_ours) return {};
    return Error(Fault::config, place() + " exists and was not made by Leat")
        .refused()
        .hint("name another table, or set `overwrite: true` to replace it");
  }

  Status require_columns(const std::vector<TableColumn>& there) const {
    const auto& ours = x_plan->schema.columns;
    for (std::size_t i = 0; i < std::max(ours.size(), there.size()); ++i) {
      if (i < ours.size() && i < there.size() && holds(there[i], ours[i])) continue;
      const auto theirs =
          i < there.size() ? "`" + there[i].name + " " + there[i].declared + "`" : "nothing";
      const auto mine =
          i < ours.size() ? "`" + ours[i].name + " " + data::sql_of(ours[i].type) + "`" : "nothing";
      return Error(Fault::config, "cannot append to " + place() + ": its column " +
                                      std::to_string(i + 1) + " is " + theirs +
                                      ", that of the new rows is " + mine)
          .hint("use `strategy: replace`, another table, or a model that yields its columns");
    }
    return {};
  }

  /// The one transaction.
  Status load(const Database& database, const Receipt& receipt) const {
    auto done = load_rows(database, receipt);
    return done.ok() ? done : Status(explain(std::move(done).error()));
  }

  Status load_rows(const Database& database, const Receipt& receipt) const {
    TRY(execute(database.get(), "ATTACH ?1 AS leat_stage",
                {stage_path(x_plan->publish_id).string()}));
    TRY(execute(database.get(), "BEGIN IMMEDIATE"));
    const Transaction transaction(database.get());
    TRY(ledger(database).create());
    TRY(const auto columns, columns_of(database.get(), x_target.table));
    TRY(require_fit(database, columns));
    if (columns.empty()) TRY(ledger(database).forget_heads());
    TRY(ledger(database).move_head(receipt));
    const bool makes_table = columns.empty() || x_plan->strategy == Strategy::replace;
    if (makes_table) TRY(make_table(database, columns));
    TRY(insert_rows(database));
    crash_point("sqlite.ledger.before");
    TRY(ledger(database).add(receipt, makes_table));
    crash_point("sqlite.ledger.after");
    crash_point("sqlite.commit.before");
    TRY(execute(database.get(), "COMMIT"));
    crash_point("sqlite.commit.after");
    return {};
  }

  /// A table with the same columns is emptied: its indexes and triggers stay.
  Status make_table(const Database& database, const std::vector<TableColumn>& there) const {
    const std::string table = quote_identifier(x_target.table);
    std::string columns;
    bool is_same = there.size() == x_plan->schema.size();
    for (std::size_t i = 0; i < x_plan->schema.size(); ++i) {
      const auto& column = x_plan->schema.columns[i];
      const auto declared = declared_of(column.type);
      columns += (i > 0 ? ", " : "") + quote_identifier(column.name) + " " + declared;
      is_same = is_same && there[i].name == column.name && there[i].declared == declared;
    }
    if (is_same) return execute(database.get(), "DELETE FROM main." + table);
    TRY(execute(database.get(), "DROP TABLE IF EXISTS main." + table));
    return execute(database.get(), "CREATE TABLE main." + table + " (" + columns + ")");
  }

  Status insert_rows(const Database& database) const {
    std::string names;
    std::string values;
    for (std::size_t i = 0; i < x_plan->schema.size(); ++i) {
      const char* comma = i > 0 ? ", " : "";
      names += comma + quote_identifier(x_plan->schema.columns[i].name);
      values += comma + stage_column(i);
    }
    TRY(execute(database.get(), "INSERT INTO main." + quote_identifier(x_target.table) + " (" +
                                    names + ") SELECT " + values + " FROM leat_stage." +
                                    kStageTable));
    const auto rows = std::uint64_t(sqlite3_changes64(database.get()));
    if (rows == x_staged->rows) return {};
    return Error(Fault::internal, "rows were lost or doubled on their way into the table")
        .with("staged", std::to_string(x_staged->rows))
        .with("inserted", std::to_string(rows));
  }

  io::FileSystem& x_files;
  TableTarget x_target;
  std::optional<PublishPlan> x_plan;
  std::unique_ptr<StageFile> x_writer;
  std::optional<Staged> x_staged;
};

}  // namespace

std::unique_ptr<Sink> open_table_sink(io::FileSystem& files, TableTarget target) {
  return std::make_unique<TableSink>(files, std::move(target));
}

}  // namespace leat::connectors::sqlite
