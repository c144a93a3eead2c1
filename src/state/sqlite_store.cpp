#include <array>
#include <charconv>
#include <functional>

#include "base/crash_point.hpp"
#include "base/names.hpp"
#include "clients/sqlite/database.hpp"
#include "state/store.hpp"
#include "state/store_lock.hpp"

namespace leat::state {
namespace {

using sqlite::Cells;
using sqlite::Database;
using sqlite::execute;
using sqlite::query;

/// Forward only: number n brings a store of version n - 1 to version n.
constexpr std::array<const char*, 3> kMigrations{
    "CREATE TABLE runs(run_id TEXT PRIMARY KEY, pipeline TEXT NOT NULL, environment TEXT NOT NULL,"
    " status TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,"
    " exit_code INTEGER NOT NULL, report TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE publishes(publish_id TEXT PRIMARY KEY, run_id TEXT NOT NULL,"
    " pipeline TEXT NOT NULL, sink TEXT NOT NULL, lane TEXT NOT NULL, status TEXT NOT NULL,"
    " planned_at INTEGER NOT NULL, receipt TEXT NOT NULL, held_file TEXT NOT NULL,"
    " pipeline_file TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX publishes_by_pipeline ON publishes(pipeline, status)",
};

constexpr const char* kRunColumns =
    "run_id, pipeline, environment, status, started_at, ended_at, exit_code, report";
constexpr const char* kPublishColumns =
    "publish_id, run_id, pipeline, sink, lane, status, planned_at, receipt, held_file, "
    "pipeline_file";

std::string micros(Instant instant) { return std::to_string(instant.time_since_epoch().count()); }

/// 0 for what is no number: somebody else wrote it.
std::int64_t number_of(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Instant instant_of(const std::string& text) { return Instant(Micros(number_of(text))); }

Result<RunRecord> run_of(const Cells& row) {
  RunRecord run;
  TRY(run.run_id, parse_uuid(row[0]));
  run.pipeline = row[1];
  run.environment = row[2];
  run.status = row[3];
  run.started_at = instant_of(row[4]);
  if (!row[5].empty()) run.ended_at = instant_of(row[5]);
  run.exit_code = int(number_of(row[6]));
  run.report = row[7];
  return run;
}

PublishStatus status_of(std::string_view text) {
  for (const auto status : {PublishStatus::planned, PublishStatus::committed, PublishStatus::held,
                            PublishStatus::failed, PublishStatus::discarded}) {
    if (name_of(status) == text) return status;
  }
  return PublishStatus::superseded;
}

Result<PublishRecord> publish_of(const Cells& row) {
  PublishRecord publish;
  TRY(publish.publish_id, parse_uuid(row[0]));
  TRY(publish.run_id, parse_uuid(row[1]));
  publish.lane = {row[2], row[3], row[4]};
  publish.status = status_of(row[5]);
  publish.planned_at = instant_of(row[6]);
  publish.receipt = row[7];
  publish.held_file = row[8];
  publish.pipeline_file = row[9];
  return publish;
}

template <typename T>
Result<T> only_one(std::vector<T> found, std::string_view what, std::string_view prefix) {
  if (found.size() == 1) return std::move(found.front());
  const auto said = std::string(what) + " `" + std::string(prefix) + "`";
  if (found.empty()) return Error(Fault::config, "no " + said).hint("`leat runs` lists them");
  return Error(Fault::config, std::to_string(found.size()) + " ids begin like " + said)
      .hint("type more of it");
}

class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<io::FileLock> lock, Database database)
      : x_lock(std::move(lock)), x_database(std::move(database)) {}

  Status migrate() {
    TRY(const auto have, version());
    if (have > kMigrations.size()) {
      return Error(Fault::config, "the state store was made by a newer leat")
          .with("store_version", std::to_string(have))
          .hint("use that leat, or move .leat/state.db away: only history is in it");
    }
    for (auto next = have; next < kMigrations.size(); ++next) {
      TRY(step(next));
    }
    return {};
  }

  /// Is what a run begins with readable?
  Status look() {
    TRY([[maybe_unused]] const auto last, runs("", 1));
    TRY([[maybe_unused]] const auto planned, publishes("", PublishStatus::planned));
    return {};
  }

  Status begin_run(const RunRecord& run, const std::vector<PublishRecord>& planned) override {
    return together("state.begin_run", [&]() -> Status {
      TRY(write_run(run));
      return write_publishes(planned);
    });
  }

  Status plan_publishes(const std::vector<PublishRecord>& planned) override {
    return together("state.plan", [&] { return write_publishes(planned); });
  }

  Status settle(const std::vector<PublishRecord>& publishes) override {
    return together("state.settle", [&] { return write_publishes(publishes); });
  }

  Status finish_run(const RunRecord& run) override {
    return together("state.finish_run", [&] { return write_run(run); });
  }

  Result<std::vector<RunRecord>> runs(std::string_view pipeline, std::size_t limit) override {
    const auto sql = std::string("SELECT ") + kRunColumns +
                     " FROM runs WHERE (?1 = '' OR pipeline = ?1) ORDER BY run_id DESC LIMIT ?2";
    TRY(const auto rows,
        query(x_database.get(), sql.c_str(), {std::string(pipeline), std::to_string(limit)}));
    std::vector<RunRecord> out;
    for (const auto& row : rows) {
      TRY(auto run, run_of(row));
      out.push_back(std::move(run));
    }
    return out;
  }

  Result<RunRecord> run(std::string_view id_prefix) override {
    if (id_prefix == "last") {
      TRY(auto found, runs("", 1));
      return only_one(std::move(found), "run", id_prefix);
    }
    const auto sql = std::string("SELECT ") + kRunColumns +
                     " FROM runs WHERE substr(run_id, 1, length(?1)) = ?1 LIMIT 2";
    TRY(const auto rows, query(x_database.get(), sql.c_str(), {to_lower(id_prefix)}));
    std::vector<RunRecord> found;
    for (const auto& row : rows) {
      TRY(auto record, run_of(row));
      found.push_back(std::move(record));
    }
    return only_one(std::move(found), "run", id_prefix);
  }

  Result<std::vector<PublishRecord>> publishes(std::string_view pipeline,
                                               std::optional<PublishStatus> status) override {
    const auto sql = std::string("SELECT ") + kPublishColumns +
                     " FROM publishes WHERE (?1 = '' OR pipeline = ?1)"
                     " AND (?2 = '' OR status = ?2) ORDER BY publish_id";
    return read_publishes(
        sql, {std::string(pipeline), status ? std::string(name_of(*status)) : std::string()});
  }

  Result<PublishRecord> publish(std::string_view id_prefix) override {
    const auto sql = std::string("SELECT ") + kPublishColumns +
                     " FROM publishes WHERE substr(publish_id, 1, length(?1)) = ?1 LIMIT 2";
    TRY(auto found, read_publishes(sql, {to_lower(id_prefix)}));
    return only_one(std::move(found), "publish", id_prefix);
  }

 private:
  Result<std::size_t> version() {
    TRY(const auto rows, query(x_database.get(), "PRAGMA user_version"));
    return std::size_t(number_of(rows.at(0).at(0)));
  }

  /// Two runs may find a new store at once, so the version is asked for again under the lock.
  Status step(std::size_t number) {
    return together("state.migrate", [&]() -> Status {
      TRY(const auto have, version());
      if (have > number) return {};
      TRY(execute(x_database.get(), kMigrations[number]));
      return execute(x_database.get(),
                     ("PRAGMA user_version = " + std::to_string(number + 1)).c_str());
    });
  }

  Status together(std::string_view point, const std::function<Status()>& work) {
    TRY(execute(x_database.get(), "BEGIN IMMEDIATE"));
    if (auto done = work(); !done.ok()) {
      [[maybe_unused]] const auto undone = execute(x_database.get(), "ROLLBACK");
      return done;
    }
    crash_point(std::string(point) + ".before");
    TRY(execute(x_database.get(), "COMMIT"));
    crash_point(std::string(point) + ".after");
    return {};
  }

  Status write_run(const RunRecord& run) {
    const auto sql = std::string("INSERT OR REPLACE INTO runs(") + kRunColumns +
                     ") VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?, ?)";
    return execute(
        x_database.get(), sql.c_str(),
        {run.run_id.text(), run.pipeline, run.environment, run.status, micros(run.started_at),
         run.ended_at ? micros(*run.ended_at) : "", std::to_string(run.exit_code), run.report});
  }

  Status write_publishes(const std::vector<PublishRecord>& publishes) {
    const auto sql = std::string("INSERT OR REPLACE INTO publishes(") + kPublishColumns +
                     ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    for (const auto& publish : publishes) {
      TRY(execute(
          x_database.get(), sql.c_str(),
          {publish.publish_id.text(), publish.run_id.text(), publish.lane.pipeline,
           publish.lane.sink, publish.lane.lane, std::string(name_of(publish.status)),
           micros(publish.planned_at), publish.receipt, publish.held_file, publish.pipeline_file}));
    }
    return {};
  }

  Result<std::vector<PublishRecord>> read_publishes(const std::string& sql, const Cells& with) {
    TRY(const auto rows, query(x_database.get(), sql.c_str(), with));
    std::vector<PublishRecord> out;
    for (const auto& row : rows) {
      TRY(auto publish, publish_of(row));
      out.push_back(std::move(publish));
    }
    return out;
  }

  std::unique_ptr<io::FileLock> x_lock;  // Outlives what it keeps in place.
  Database x_database;
};

}  // namespace

std::string_view name_of(PublishStatus status) {
  switch (status) {
    case PublishStatus::planned: return "planned";
    case PublishStatus::committed: return "committed";
    case PublishStatus::held: return "held";
    case PublishStatus::failed: return "failed";
    case PublishStatus::discarded: return "discarded";
    case PublishStatus::superseded: return "superseded";
  }
  return "planned";
}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& path) {
  TRY(auto lock, keep_in_place(io::local_files(), path));
  TRY(auto database, sqlite::open_database(path, sqlite::Access::create));
  if (auto set = sqlite::use_wal(database.get()); !set.ok()) {
    return std::move(set).error().with("file", path.string());
  }
  TRY(execute(database.get(), "PRAGMA foreign_keys=ON"));
  auto store = std::make_unique<SqliteStore>(std::move(lock), std::move(database));
  TRY(store->migrate());
  TRY(store->look());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace leat::state
