#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace leat::state {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

using Cells = std::vector<std::string>;

/// Durable on return of a commit; waits up to ten seconds for another writer.
Result<Database> open_database(const std::filesystem::path& path);
/// Why a file is no database that can be read, in SQLite's words; nothing when it is one, or cannot
/// be looked at now.
std::optional<std::string> damage_of(const std::filesystem::path& path, const char* probe);
/// One statement, text parameters by position.
Status execute(sqlite3* database, const char* sql, const Cells& parameters = {});
/// All rows, every cell as text, null as "".
Result<std::vector<Cells>> query(sqlite3* database, const char* sql, const Cells& parameters = {});

}  // namespace leat::state
