#include "clients/sqlite/database.hpp"
#include "io/process_identity.hpp"
#include "state/sql_rows.hpp"
#include "state/sql_store.hpp"
#include "state/store_lock.hpp"

namespace leat::state {
namespace {

class SqliteDatabase final : public SqlDatabase {
 public:
  static Result<std::unique_ptr<SqlDatabase>> open(const std::filesystem::path& path,
                                                   const Clock& clock);
  SqliteDatabase(std::unique_ptr<io::FileLock> lock, sqlite::Database database,
                 std::filesystem::path path, const Clock& clock)
      : x_lock(std::move(lock)),
        x_database(std::move(database)),
        x_path(std::move(path)),
        x_clock(clock) {}

  Result<std::vector<Cells>> query(std::string_view sql, const Cells& parameters) override {
    return told(sqlite::query(x_database.get(), sql, parameters));
  }

  Status begin(bool is_durable) override {
    TRY(told(sqlite::execute(
        x_database.get(), is_durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL")));
    return told(sqlite::execute(x_database.get(), "BEGIN IMMEDIATE"));
  }
  Status commit() override { return told(sqlite::execute(x_database.get(), "COMMIT")); }
  Status roll_back() override { return sqlite::execute(x_database.get(), "ROLLBACK"); }

  Result<std::size_t> version() override {
    TRY(const auto rows, query("PRAGMA user_version", {}));
    return std::size_t(number_of(rows.at(0).at(0)));
  }
  Status set_version(std::size_t version) override {
    return sqlite::execute(x_database.get(), "PRAGMA user_version = " + std::to_string(version));
  }

  /// A store is one of version 1 to 3 for a moment while it is made: see set_aside.cpp.
  std::vector<std::vector<std::string>> migrations() const override {
    return {
        {"CREATE TABLE runs(run_id TEXT PRIMARY KEY, pipeline TEXT NOT NULL, environment TEXT NOT "
         "NULL, status TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, exit_code "
         "INTEGER NOT NULL, report TEXT NOT NULL) WITHOUT ROWID"},
        {"CREATE TABLE publishes(publish_id TEXT PRIMARY KEY, run_id TEXT NOT NULL, pipeline TEXT "
         "NOT NULL, sink TEXT NOT NULL, lane TEXT NOT NULL, status TEXT NOT NULL, planned_at "
         "INTEGER NOT NULL, receipt TEXT NOT NULL, held_file TEXT NOT NULL, pipeline_file TEXT NOT "
         "NULL) WITHOUT ROWID"},
        {"CREATE INDEX publishes_by_pipeline ON publishes(pipeline, status)"},
        // Runs are listed, so they are short: their reports stand apart.
        {"CREATE TABLE reports(run_id TEXT PRIMARY KEY, report TEXT NOT NULL) WITHOUT ROWID",
         "INSERT INTO reports SELECT run_id, report FROM runs WHERE report <> ''",
         "ALTER TABLE runs DROP COLUMN report",
         "ALTER TABLE runs ADD COLUMN pipeline_file TEXT NOT NULL DEFAULT ''",
         "ALTER TABLE runs ADD COLUMN variables TEXT NOT NULL DEFAULT '[]'",
         "ALTER TABLE runs ADD COLUMN sinks TEXT NOT NULL DEFAULT '[]'",
         "ALTER TABLE runs ADD COLUMN retry_of TEXT NOT NULL DEFAULT ''",
         "ALTER TABLE runs ADD COLUMN process_place TEXT NOT NULL DEFAULT ''",
         "ALTER TABLE runs ADD COLUMN process_number INTEGER NOT NULL DEFAULT 0",
         "ALTER TABLE runs ADD COLUMN process_began INTEGER NOT NULL DEFAULT 0",
         "ALTER TABLE runs ADD COLUMN lane TEXT NOT NULL DEFAULT ''",
         "CREATE INDEX runs_by_pipeline ON runs(pipeline, run_id)",
         "CREATE INDEX runs_by_start ON runs(started_at)",
         "CREATE INDEX runs_unfinished ON runs(pipeline) WHERE status = 'running'",
         "CREATE INDEX publishes_by_status ON publishes(status)",
         "CREATE INDEX publishes_by_run ON publishes(run_id)",
         "CREATE INDEX publishes_by_lane ON publishes(pipeline, sink, lane, status, publish_id)",
         "CREATE TABLE steps(run_id TEXT NOT NULL, node TEXT NOT NULL, kind TEXT NOT NULL, state "
         "TEXT NOT NULL, rows_in INTEGER NOT NULL, rows_out INTEGER NOT NULL, rows_quarantined "
         "INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, error TEXT NOT NULL, "
         "PRIMARY KEY (run_id, node)) WITHOUT ROWID",
         "CREATE TABLE events(event_no INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT "
         "NULL, pipeline TEXT NOT NULL, run_id TEXT NOT NULL, text TEXT NOT NULL)",
         "CREATE INDEX events_by_pipeline ON events(pipeline, event_no)",
         "CREATE INDEX events_by_run ON events(run_id)",
         "CREATE TABLE pauses(pipeline TEXT PRIMARY KEY, at INTEGER NOT NULL, paused_by TEXT NOT "
         "NULL, reason TEXT NOT NULL) WITHOUT ROWID"},
        {"CREATE TABLE leases(name TEXT PRIMARY KEY, fence INTEGER NOT NULL, run_id TEXT NOT NULL, "
         "holder TEXT NOT NULL, process_place TEXT NOT NULL, process_number INTEGER NOT NULL, "
         "process_began INTEGER NOT NULL, clock TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT "
         "ROWID"},
        {"DROP INDEX runs_by_pipeline",
         "ALTER TABLE runs ADD COLUMN run_no BIGINT NOT NULL DEFAULT 0",
         "UPDATE runs SET run_no = nth FROM (SELECT run_id AS id, row_number() OVER (ORDER BY "
         "run_id) AS nth FROM runs) AS numbered WHERE id = run_id",
         "CREATE INDEX runs_by_number ON runs(run_no)",
         "CREATE INDEX runs_by_pipeline ON runs(pipeline, run_no)"},
        {"ALTER TABLE publishes ADD COLUMN place TEXT NOT NULL DEFAULT ''",
         "ALTER TABLE publishes ADD COLUMN leaves_stage INTEGER NOT NULL DEFAULT 0",
         "CREATE INDEX publishes_with_stage ON publishes(pipeline) WHERE leaves_stage = 1",
         "CREATE INDEX publishes_by_place ON publishes(pipeline, sink, place)"},
    };
  }
  std::string kind() const override { return "SQLite"; }
  std::string place() const override { return x_path.string(); }
  Result<std::optional<std::uint64_t>> rows_about(const std::string&) override {
    return std::optional<std::uint64_t>();
  }
  Result<std::uint64_t> bytes() override {
    std::uint64_t bytes = 0;
    for (const char* part : {"", "-wal"}) {
      const auto stat = io::local_files().stat(x_path.string() + part);
      if (stat.ok()) bytes += stat->size;
    }
    return bytes;
  }
  /// All of its processes are on one machine. What counts there is how long it has been up: nobody
  /// sets that clock.
  Result<StoreTime> time() override {
    const auto place = io::process_place();
    return StoreTime{place.substr(0, place.find(' ')), x_clock.steady()};
  }
  Result<std::unique_ptr<SqlDatabase>> open_another() const override {
    return SqliteDatabase::open(x_path, x_clock);
  }

 private:
  /// Says of which file. Opening a store need not meet a page that is broken: any statement may.
  template <typename T>
  T told(T result) const {
    if (result.ok()) return result;
    if (sqlite::is_damage(result.error())) {
      [[maybe_unused]] const auto marked =
          io::local_files().open(damage_mark(x_path), io::Open::append);
    }
    return std::move(result).error().with("file", x_path.string());
  }

  std::unique_ptr<io::FileLock> x_lock;  // Outlives what it keeps in place.
  sqlite::Database x_database;
  std::filesystem::path x_path;
  const Clock& x_clock;
};

Result<sqlite::Database> open_with_log(const std::filesystem::path& path) {
  TRY(auto database, sqlite::open_database(path, sqlite::Access::create));
  if (auto set = sqlite::use_wal(database.get()); !set.ok()) {
    return std::move(set).error().with("file", path.string());
  }
  return database;
}

/// Of several that begin anew beside the log that a deleted store left, each removes it, and all
/// but one find it gone.
bool is_log_gone(const Error& error) {
  const std::string code = "[sqlite=" + std::to_string(SQLITE_IOERR_DELETE_NOENT) + "]";
  return error.text().find(code) != std::string::npos;
}

Result<std::unique_ptr<SqlDatabase>> SqliteDatabase::open(const std::filesystem::path& path,
                                                          const Clock& clock) {
  constexpr int kTries = 10;
  TRY(auto lock, keep_in_place(io::local_files(), path));
  auto opened = open_with_log(path);
  for (int i = 1; i < kTries && !opened.ok() && is_log_gone(opened.error()); ++i) {
    opened = open_with_log(path);
  }
  TRY(auto database, std::move(opened));
  // The log stays for the next run: emptying it at each end costs four fsyncs a run.
  sqlite3_db_config(database.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return std::unique_ptr<SqlDatabase>(
      std::make_unique<SqliteDatabase>(std::move(lock), std::move(database), path, clock));
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& path, const Clock& clock) {
  TRY(auto database, SqliteDatabase::open(path, clock));
  TRY(auto store, open_sql_store(std::move(database)));
  // Of a file whose pages are broken a run is to hear now, while it can still be set aside.
  TRY([[maybe_unused]] const auto last, store->runs("", 1));
  TRY([[maybe_unused]] const auto planned, store->publishes("", PublishStatus::planned));
  return store;
}

}  // namespace leat::state
