#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "clients/postgres/connection.hpp"
#include "connectors/postgres/pg_type.hpp"

namespace leat::connectors::postgres {

/// A table of the server's.
struct TableName {
  std::string schema = "public";
  std::string table;

  std::string sql() const { return sql_of(table); }
  /// Another table of the same schema.
  std::string sql_of(std::string_view other) const {
    return quote_identifier(schema) + "." + quote_identifier(other);
  }
  /// For people: "orders", "mart.orders".
  std::string shown() const { return schema == "public" ? table : schema + "." + table; }
};

/// A column of a table.
struct TableColumn {
  std::string name;
  PgType type;
  bool is_identity = false;
  bool is_generated = false;
  bool has_default = false;
  bool has_loose_order = false;  ///< Texts that are not the same may be equal by its collation.
  /// Does the server have a value for it where the rows have none?
  bool is_filled_in() const { return is_identity || is_generated || has_default; }
  bool operator==(const TableColumn& other) const {
    return name == other.name && type.sql == other.type.sql;
  }
};

/// What stands under a name.
struct FoundTable {
  bool is_there = false;
  bool schema_is_there = false;
  char kind = 'r';  ///< relkind: 'r' a table, 'p' a partitioned one, 'v' a view, …
  std::vector<TableColumn> columns;
  /// Null: it has none of this name.
  const TableColumn* column(const std::string& wanted) const;
};
Result<FoundTable> look_at(leat::postgres::Connection& server, const TableName& table);

/// The types of these OIDs, modifiers included, in their order.
Result<std::vector<PgType>> types_of(leat::postgres::Connection& server,
                                     const std::vector<leat::postgres::ResultColumn>& columns);

/// Names of tables and views that can be read.
Result<std::vector<std::string>> table_names(leat::postgres::Connection& server,
                                             const std::string& schema);

}  // namespace leat::connectors::postgres
