#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clients/postgres/connection.hpp"
#include "connectors/postgres/table.hpp"
#include "core/inputs.hpp"
#include "core/source.hpp"

namespace leat::connectors::postgres {

/// What a source reads.
struct TableRead {
  leat::postgres::Server server;
  std::string shown;  ///< The server and its database, for people.
  TableName table;    ///< With an empty name:
  std::string query;
  std::string where;                  ///< SQL; empty: every row of the table.
  std::vector<data::Column> columns;  ///< Declared in the pipeline; empty: all.
  std::uint64_t readers = 1;          ///< At most so many connections read a table at once.
};

/// May a column have this type here?
bool is_readable(const data::Type& type);

/// A source that reads one table or the rows of one SELECT, in one snapshot, by binary COPY.
///
/// Shape    the declared columns, or those of the table or SELECT. Types that the engine has not
///          are read as text, arrays as JSON.
/// Missing  NULL is null; nothing else is.
/// Errors   config    no table or column of that name; a SELECT that is wrong, or writes.
///          external  the server; the table was altered meanwhile.
std::unique_ptr<Source> open_table_source(TableRead read);

/// What is read, without its state.
Input input_of(const TableRead& read);

}  // namespace leat::connectors::postgres
