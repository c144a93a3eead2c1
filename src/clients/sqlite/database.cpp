#include "clients/sqlite/database.hpp"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <utility>

#include "base/shell_word.hpp"
#include "io/posix_error.hpp"

namespace leat::sqlite {
namespace {

constexpr std::chrono::milliseconds kTurn{10};
constexpr std::string_view kCodeShown = "[sqlite=";  ///< As `failure` tells it.

Fault fault_of(int code) {
  switch (code & 0xff) {
    case SQLITE_ERROR:
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return Fault::config;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG: return Fault::data;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_INTERNAL: return Fault::internal;
    default: return Fault::external;
  }
}

bool is_grave(int kind) {
  return kind == SQLITE_FULL || kind == SQLITE_IOERR || kind == SQLITE_NOMEM ||
         kind == SQLITE_PERM || kind == SQLITE_READONLY;
}

Status bind(sqlite3* database, sqlite3_stmt* statement, const Cells& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const int code = sqlite3_bind_text64(statement, int(i) + 1, parameters[i].data(),
                                         parameters[i].size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    if (code != SQLITE_OK) return failure(database, code);
  }
  return {};
}

std::string cell(sqlite3_stmt* statement, int column) {
  const void* bytes = sqlite3_column_blob(statement, column);
  const auto size = std::size_t(sqlite3_column_bytes(statement, column));
  return bytes ? std::string(static_cast<const char*>(bytes), size) : std::string();
}

/// To the end; `take_row` looks at the statement's row each time.
template <typename TakeRow>
Status step(sqlite3* database, sqlite3_stmt* statement, const TakeRow& take_row) {
  for (;;) {
    errno = 0;
    const int code = sqlite3_step(statement);
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_ROW) return failure(database, code);
    take_row(statement);
    // A cell that there was no memory for looks like an empty one.
    if ((sqlite3_errcode(database) & 0xff) == SQLITE_NOMEM) return failure(database, SQLITE_NOMEM);
  }
}

bool has_log(const std::filesystem::path& path) {
  std::error_code none;
  const auto bytes = std::filesystem::file_size(path.string() + "-wal", none);
  return !none && bytes > 0;
}

bool is_damage(int code) {
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

/// Says with which file, and what to type when it is out of reach.
Error about_file(Error error, int code, const std::filesystem::path& path) {
  error = std::move(error).with("file", path.string());
  const int kind = code & 0xff;
  if (kind != SQLITE_CANTOPEN && kind != SQLITE_READONLY && kind != SQLITE_PERM) return error;
  // SQLite does not tell what is denied from what is not there.
  const bool is_denied = ::access(path.c_str(), R_OK | W_OK) != 0 && errno == EACCES;
  if (is_denied) error = std::move(error).grave();
  return std::move(error).hint("you must be able to read and write it: chmod u+rw " +
                               shell_word(path.string()) + ", and u+rwx its folder");
}

int flags_of(Access access) {
  const int create = access == Access::create ? SQLITE_OPEN_CREATE : 0;
  return SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE | create;
}

/// What the system said of a file of it, which SQLite keeps to itself, and of a COMMIT forgets; 0:
/// nothing. That a file is not there is what it finds when it looks for logs.
int system_code(sqlite3* database, int code) {
  const int last = errno;
  if (database == nullptr || (code & 0xff) != SQLITE_IOERR || code == SQLITE_IOERR_NOMEM) return 0;
  const int kept = sqlite3_system_errno(database);
  const int said = last != 0 && last != ENOENT ? last : kept;
  return said == ENOENT ? 0 : said;
}

}  // namespace

Error failure(sqlite3* database, int code) {
  if (const int why = system_code(database, code)) {
    const char* const path = sqlite3_db_filename(database, "main");
    auto error = io::posix_error(why, "read or write", path == nullptr ? "" : path);
    return std::move(error).with("sqlite", std::to_string(code)).grave();
  }
  std::string said = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  Error error(fault_of(code), "SQLite: " + std::move(said));
  error = std::move(error).with("sqlite", std::to_string(code));
  if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) {
    return std::move(error).busy();
  }
  return is_grave(code & 0xff) ? std::move(error).grave() : error;
}

Result<Statement> prepare(sqlite3* database, std::string_view sql, std::string_view* rest) {
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code =
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &raw, &tail);
  if (code != SQLITE_OK) return failure(database, code);
  if (rest != nullptr) *rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
  return Statement(raw);
}

/// SQLite's own waiting does not cover the change to WAL, which needs the file for itself: when
/// several open a new file at once, all but one have to ask again.
Status use_wal(sqlite3* database, std::chrono::milliseconds wait) {
  for (std::chrono::milliseconds waited{0};; waited += kTurn) {
    auto set = execute(database, "PRAGMA journal_mode=WAL");
    if (set.ok() || !set.error().is_busy() || waited >= wait) return set;
    sqlite3_sleep(static_cast<int>(kTurn.count()));
  }
}

Result<Database> open_database(const std::filesystem::path& path, Access access,
                               std::chrono::milliseconds wait) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags_of(access), nullptr);
  Database database(raw);
  if (code != SQLITE_OK) return about_file(failure(raw, code), code, path);
  // Who only looks does not move what somebody else has left in the log.
  if (access == Access::look && has_log(path)) {
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  sqlite3_busy_timeout(raw, static_cast<int>(wait.count()));
  if (auto set = execute(raw, "PRAGMA synchronous=FULL"); !set.ok()) {
    return about_file(std::move(set).error(), sqlite3_errcode(raw), path);
  }
  return database;
}

std::optional<std::string> damage_of(const std::filesystem::path& path, const char* probe,
                                     std::chrono::milliseconds wait) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const Database database(raw);
  if (opened != SQLITE_OK) return std::nullopt;
  sqlite3_busy_timeout(raw, static_cast<int>(wait.count()));
  const int code = sqlite3_exec(raw, probe, nullptr, nullptr, nullptr);
  // SQLITE_ERROR: the statement names a table or column that is not there.
  if (!is_damage(code) && (code & 0xff) != SQLITE_ERROR) return std::nullopt;
  return sqlite3_errmsg(raw);
}

std::optional<std::string> broken_page_of(const std::filesystem::path& path) {
  const auto database = open_database(path, Access::look);
  if (!database.ok()) return std::nullopt;
  const auto found = query(database->get(), "PRAGMA integrity_check(1)", {});
  if (!found.ok()) {
    return is_damage(found.error()) ? std::optional(found.error().message()) : std::nullopt;
  }
  const auto& said = found->at(0).at(0);
  return said == "ok" ? std::nullopt : std::optional(said);
}

bool is_damage(const Error& error) {
  const auto text = error.text();
  const auto at = text.find(kCodeShown);
  if (at == text.npos) return false;
  int code = 0;
  const char* from = text.data() + at + kCodeShown.size();
  std::from_chars(from, text.data() + text.size(), code);
  return is_damage(code);
}

Status execute(sqlite3* database, std::string_view sql, const Cells& parameters) {
  TRY(const auto statement, prepare(database, sql));
  TRY(bind(database, statement.get(), parameters));
  return step(database, statement.get(), [](sqlite3_stmt*) {});
}

Result<std::vector<std::vector<std::optional<std::string>>>> carry_out(sqlite3* database,
                                                                       std::string_view sql) {
  TRY(const auto statement, prepare(database, sql));
  std::vector<std::vector<std::optional<std::string>>> rows;
  TRY(step(database, statement.get(), [&](sqlite3_stmt* row) {
    auto& cells = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(row); ++i) {
      const bool is_null = sqlite3_column_type(row, i) == SQLITE_NULL;
      cells.push_back(is_null ? std::nullopt : std::optional(cell(row, i)));
    }
  }));
  if (sqlite3_column_count(statement.get()) == 0) {
    rows.push_back({std::to_string(sqlite3_changes64(database))});
  }
  return rows;
}

Result<std::vector<Cells>> query(sqlite3* database, std::string_view sql, const Cells& parameters) {
  TRY(const auto statement, prepare(database, sql));
  TRY(bind(database, statement.get(), parameters));
  std::vector<Cells> rows;
  TRY(step(database, statement.get(), [&](sqlite3_stmt* row) {
    auto& cells = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(row); ++i) cells.push_back(cell(row, i));
  }));
  return rows;
}

}  // namespace leat::sqlite
