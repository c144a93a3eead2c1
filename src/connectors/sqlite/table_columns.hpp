#pragma once

#include <string>
#include <vector>

#include "clients/sqlite/database.hpp"
#include "data/schema.hpp"

namespace leat::connectors::sqlite {

/// A column as its table declares it.
struct TableColumn {
  std::string name;
  std::string declared;  ///< "NVARCHAR(160)"; may be empty.
};

/// The columns of a table or view, generated ones included, hidden ones not; none when it is not
/// there.
Result<std::vector<TableColumn>> columns_of(sqlite3* database, const std::string& table);

/// Names of the tables and views that a user made.
Result<std::vector<std::string>> table_names(sqlite3* database);

/// Would values of `ours` stay what they are in `there`? Names are the same whatever their case.
bool holds(const TableColumn& there, const data::Column& ours);

/// The same, of every single value: `holds` lets texts into a STRING and long decimals into a
/// NUMERIC(38,9), of which SQLite makes numbers: '007' is 7 there.
bool keeps(const TableColumn& there, const data::Column& ours);

}  // namespace leat::connectors::sqlite
