#include "state/sqlite.hpp"

#include "base/shell_word.hpp"

namespace leat::state {
namespace {

using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

bool is_damage(int code) {
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

Error failure(sqlite3* database, int code) {
  Error error(Fault::external,
              std::string("state store: ") + (database ? sqlite3_errmsg(database) : "no memory"));
  error = std::move(error).with("sqlite", std::to_string(code));
  if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) {
    return std::move(error).busy();
  }
  if (is_damage(code)) {
    return std::move(error).hint(
        "the file is damaged: move .leat/state.db away, only history is in it");
  }
  return error;
}

/// Says with which file, and what to type when it is out of reach.
Error about_file(Error error, int code, const std::filesystem::path& path) {
  error = std::move(error).with("file", path.string());
  const int kind = code & 0xff;
  if (kind != SQLITE_CANTOPEN && kind != SQLITE_READONLY && kind != SQLITE_PERM) return error;
  return std::move(error).hint("you must be able to read and write it: chmod u+rw " +
                               shell_word(path.string()) + ", and u+rwx its folder");
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
  if (code != SQLITE_OK) return about_file(failure(raw, code), code, path);
  sqlite3_busy_timeout(raw, kBusyMs);
  if (auto set = use_wal(raw); !set.ok()) {
    return about_file(std::move(set).error(), sqlite3_errcode(raw), path);
  }
  for (const char* pragma : {"PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"}) {
    if (auto set = execute(raw, pragma); !set.ok()) {
      return about_file(std::move(set).error(), sqlite3_errcode(raw), path);
    }
  }
  return database;
}

std::optional<std::string> damage_of(const std::filesystem::path& path, const char* probe) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const Database database(raw);
  if (opened != SQLITE_OK) return std::nullopt;
  sqlite3_busy_timeout(raw, kBusyMs);
  const int code = sqlite3_exec(raw, probe, nullptr, nullptr, nullptr);
  // SQLITE_ERROR: the statement names a table or column that is not there.
  if (!is_damage(code) && (code & 0xff) != SQLITE_ERROR) return std::nullopt;
  return sqlite3_errmsg(raw);
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
