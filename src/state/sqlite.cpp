#include "state/sqlite.hpp"

namespace leat::state {
namespace {

using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

Error failure(sqlite3* database, int code) {
  Error error(Fault::external,
              std::string("state store: ") + (database ? sqlite3_errmsg(database) : "no memory"));
  error = std::move(error).with("sqlite", std::to_string(code));
  if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) {
    return std::move(error).busy();
  }
  return error;
}

Result<Statement> prepare(sqlite3* database, const char* sql, const Cells& parameters) {
  sqlite3_stmt* raw = nullptr;
  if (const int code = sqlite3_prepare_v2(database, sql, -1, &raw, nullptr); code != SQLITE_OK) {
    return failure(database, code);
  }
  Statement statement(raw);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    sqlite3_bind_text64(raw, int(i) + 1, parameters[i].data(), parameters[i].size(),
                        SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  return statement;
}

constexpr int kBusyMs = 10'000;
constexpr int kTurnMs = 10;

/// SQLite's own waiting does not cover the change to WAL, which needs the file for itself: when
/// several open a new store at once, all but one have to ask again.
Status use_wal(sqlite3* database) {
  for (int waited = 0;; waited += kTurnMs) {
    auto set = execute(database, "PRAGMA journal_mode=WAL");
    if (set.ok() || !set.error().is_busy() || waited >= kBusyMs) return set;
    sqlite3_sleep(kTurnMs);
  }
}

std::string cell(sqlite3_stmt* statement, int column) {
  const void* bytes = sqlite3_column_blob(statement, column);
  const auto size = std::size_t(sqlite3_column_bytes(statement, column));
  return bytes ? std::string(static_cast<const char*>(bytes), size) : std::string();
}

}  // namespace

Result<Database> open_database(const std::filesystem::path& path) {
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database database(raw);
  if (code != SQLITE_OK) return failure(raw, code).with("file", path.string());
  sqlite3_busy_timeout(raw, kBusyMs);
  if (auto set = use_wal(raw); !set.ok()) {
    return std::move(set).error().with("file", path.string());
  }
  for (const char* pragma : {"PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"}) {
    if (auto set = execute(raw, pragma); !set.ok()) {
      return std::move(set).error().with("file", path.string());
    }
  }
  return database;
}

Status execute(sqlite3* database, const char* sql, const Cells& parameters) {
  TRY(const auto rows, query(database, sql, parameters));
  return {};
}

Result<std::vector<Cells>> query(sqlite3* database, const char* sql, const Cells& parameters) {
  TRY(const auto statement, prepare(database, sql, parameters));
  std::vector<Cells> rows;
  for (;;) {
    const int code = sqlite3_step(statement.get());
    if (code == SQLITE_DONE) return rows;
    if (code != SQLITE_ROW) return failure(database, code);
    auto& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
      row.push_back(cell(statement.get(), i));
    }
  }
}

}  // namespace leat::state
