#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace leat::sqlite {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

using Cells = std::vector<std::string>;

enum class Access {
  look,    ///< Writes nothing but what a crash left to be put right; the file must be there.
  write,   ///< The file must be there.
  create,  ///< The file is made when it is not there.
};

/// Waits up to `wait` for another writer, in this call and in every statement. A COMMIT is durable
/// on return.
/// Errors   config    not there, or no SQLite file. external  the disk; busy.
Result<Database> open_database(const std::filesystem::path& path, Access access,
                               std::chrono::milliseconds wait = std::chrono::seconds(10));

/// Readers and one writer do not wait for each other from now on. Another opener is waited for.
Status use_wal(sqlite3* database, std::chrono::milliseconds wait = std::chrono::seconds(10));

/// Why `probe` cannot be answered from a file, in SQLite's words: it is no database, damaged, or
/// has other tables. Nothing when it can, or when the file cannot be looked at now.
std::optional<std::string> damage_of(const std::filesystem::path& path, const char* probe,
                                     std::chrono::milliseconds wait = std::chrono::seconds(10));

/// What SQLite says is wrong with the pages of a file that can be opened; nothing when all are
/// whole, or when it cannot be looked at now. Reads the whole file.
std::optional<std::string> broken_page_of(const std::filesystem::path& path);

/// Has a file broken pages, or is it no database?
bool is_damage(const Error& error);

/// What SQLite says is wrong. config: the SQL, a file of another kind. data: a value that a
/// constraint refuses. external: the disk, somebody else (busy).
Error failure(sqlite3* database, int code);

/// The first statement of `sql`; `rest`, where given, is what stands behind it.
Result<Statement> prepare(sqlite3* database, std::string_view sql,
                          std::string_view* rest = nullptr);
/// One statement, text parameters by position.
Status execute(sqlite3* database, std::string_view sql, const Cells& parameters = {});
/// One statement. Of a SELECT its rows, every cell as text; of one that changes rows, one row with
/// their number.
Result<std::vector<std::vector<std::optional<std::string>>>> carry_out(sqlite3* database,
                                                                       std::string_view sql);
/// All rows, every cell as text, null as "".
Result<std::vector<Cells>> query(sqlite3* database, std::string_view sql,
                                 const Cells& parameters = {});

}  // namespace leat::sqlite
