#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connectors/sqlite/rows.hpp"
#include "connectors/sqlite/table_source.hpp"

namespace leat::connectors::sqlite {

/// The rows of a table, or of a SELECT, to be read again and again.
///
/// Errors   those of `open_table_source`.
class TableOpener {
 public:
  TableOpener(io::FileSystem& files, TableRead read) : x_files(files), x_read(std::move(read)) {}

  const TableRead& read() const { return x_read; }
  std::string described() const {
    return x_read.table.empty() ? "a query" : "table " + x_read.table;
  }
  Result<data::Schema> schema();
  Status require_file() const;
  /// A snapshot; only the rows that `where` is true of, where it is not empty.
  Result<OpenRead> open(const std::string& where = "");
  /// What stands behind FROM.
  std::string from_sql() const;
  /// A connection whose reads see one state from the first one on.
  Result<leat::sqlite::Database> open_snapshot() const;
  Error explain(Error error) const;

 private:
  Result<OpenRead> open_rows(const std::string& where);
  bool is_table(sqlite3* database) const;
  Status require_table(sqlite3* database) const;
  Result<leat::sqlite::Statement> prepare_one(sqlite3* database, const std::string& select) const;
  Status learn_schema(OpenRead& opened);
  Status sniff(OpenRead& opened, data::Schema& schema,
               const std::vector<std::size_t>& unknown) const;
  Status apply_types(data::Schema& schema) const;

  io::FileSystem& x_files;
  TableRead x_read;
  std::optional<data::Schema> x_schema;
};

}  // namespace leat::connectors::sqlite
