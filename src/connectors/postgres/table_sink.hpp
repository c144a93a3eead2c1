#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "clients/postgres/connection.hpp"
#include "connectors/postgres/table.hpp"
#include "core/sink.hpp"
#include "io/files.hpp"

namespace leat::connectors::postgres {

/// What a table sink works on and with.
struct TableTarget {
  leat::postgres::Server server;
  std::string shown;  ///< The server and its database, for people: "dw on db.internal".
  std::string look;   ///< A command that shows rows, but for the SQL.
  TableName table;
  std::string time_column;        ///< Of a hypertable; empty: it is made a plain table.
  bool overwrite = false;         ///< Replace a table that Leat did not make.
  std::filesystem::path scratch;  ///< What was sent lies here until it is committed.
};

/// A sink that publishes one table: rows are sent within the one transaction that also writes the
/// receipt. architecture, section 3.
///
/// Promise   as Sink. `find` waits for a publish that is still on its way in the server.
std::unique_ptr<Sink> open_table_sink(io::FileSystem& files, TableTarget target);

}  // namespace leat::connectors::postgres
