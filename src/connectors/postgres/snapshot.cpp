#include "connectors/postgres/snapshot.hpp"

#include <nlohmann/json.hpp>

#include "base/names.hpp"

namespace leat::connectors::postgres {

using leat::postgres::Connection;

Result<Snapshot> Snapshot::take(const leat::postgres::Server& server) {
  TRY(auto holder, Connection::open(server));
  TRY(holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  TRY(const auto found, holder.query("SELECT pg_catalog.pg_current_snapshot(), "
                                     "pg_catalog.pg_export_snapshot(), "
                                     "pg_catalog.pg_postmaster_start_time()"));
  auto name = nlohmann::json::array({found[0][0].value_or(""), found[0][2].value_or("")}).dump();
  return Snapshot(std::move(holder), found[0][1].value_or(""), std::move(name));
}

Result<Connection> Snapshot::join(const TableRead& read,
                                  const std::vector<ReadColumn>& columns) const {
  auto server = Connection::open(read.server);
  if (!server.ok()) return explain(read, std::move(server).error());
  TRY(server->execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  if (auto joined = server->execute("SET TRANSACTION SNAPSHOT " + quote_literal(x_id));
      !joined.ok()) {
    // Once the connection that has exported it is gone, the server calls its name a wrong value.
    return explain(read, Error(Fault::external, "the snapshot that its readers share is gone: " +
                                                    joined.error().text())
                             .hint("run again"));
  }
  auto now = find_columns(*server, read);
  if (!now.ok()) return explain(read, std::move(now).error());
  if (*now == columns) return server;
  return explain(
      read,
      Error(Fault::external, "its columns have changed since it was looked at").hint("run again"));
}

Result<std::vector<ReadColumn>> look_at_columns(const TableRead& read) {
  auto server = Connection::open(read.server);
  if (!server.ok()) return explain(read, std::move(server).error());
  auto found = find_columns(*server, read);
  if (!found.ok()) return explain(read, std::move(found).error());
  return found;
}

std::string described(const TableRead& read) {
  return read.table.table.empty() ? std::string("a query") : "table " + read.table.shown();
}

Error explain(const TableRead& read, Error error) {
  return std::move(error).during("while reading " + described(read) + " of " + read.shown);
}

}  // namespace leat::connectors::postgres
