#include "connectors/postgres/snapshot.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/names.hpp"
#include "connectors/postgres/held_tables.hpp"

namespace leat::connectors::postgres {

using leat::postgres::Connection;

namespace {

/// Each waits for whoever is at a table. One that is emptied more often is never read.
constexpr int kAttempts = 5;

/// The holder is at the tables already: who waits there waits for somebody who waits for the
/// holder, and the server, which does not know that the holder waits, never ends it.
constexpr std::chrono::milliseconds kJoinTimeout{500};

Result<Connection> open_joining(const leat::postgres::Server& server) {
  auto hasty = server;
  const auto& own = server.lock_timeout;
  hasty.lock_timeout = own.count() == 0 ? kJoinTimeout : std::min(own, kJoinTimeout);
  return Connection::open(hasty);
}

Result<std::vector<Connection>> try_join(const Snapshot& snapshot, const TableRead& read,
                                         const std::vector<ReadColumn>& columns,
                                         std::size_t count) {
  std::vector<Connection> joined;
  while (joined.size() < count) {
    TRY(auto another, snapshot.join(read, columns));
    joined.push_back(std::move(another));
  }
  return joined;
}

}  // namespace

Result<Snapshot> Snapshot::take(const TableRead& read) {
  TRY(auto holder, Connection::open(read.server));
  for (int attempt = 1;; ++attempt) {
    TRY(holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    TRY(const auto found, holder.query("SELECT pg_catalog.pg_current_snapshot(), "
                                       "pg_catalog.pg_export_snapshot(), "
                                       "pg_catalog.pg_postmaster_start_time(), "
                                       "pg_catalog.clock_timestamp()"));
    TRY(holder.execute("SAVEPOINT leat_held"));
    TRY(const auto held, hold_tables(holder, read));
    if (held.rewritten.empty()) {
      auto name = nlohmann::json::array({found[0][0].value_or(""), found[0][2].value_or("")});
      if (held.are_foreign) name.push_back(found[0][3].value_or(""));
      return Snapshot(std::move(holder), found[0][1].value_or(""), name.dump());
    }
    if (attempt == kAttempts) return rewritten_meanwhile(held);
    TRY(holder.execute("ROLLBACK"));
  }
}

Result<Connection> Snapshot::join(const TableRead& read,
                                  const std::vector<ReadColumn>& columns) const {
  auto server = open_joining(read.server);
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
  if (*now != columns) {
    return explain(read, Error(Fault::external, "its columns have changed since it was looked at")
                             .hint("run again"));
  }
  const auto held = hold_tables(*server, read);
  if (!held.ok()) return explain(read, held.error());
  if (!held->rewritten.empty()) return explain(read, rewritten_meanwhile(*held));
  TRY(server->execute("SET lock_timeout = " + std::to_string(read.server.lock_timeout.count())));
  return server;
}

Result<std::vector<Connection>> join_all(std::optional<Snapshot>& snapshot, const TableRead& read,
                                         const std::vector<ReadColumn>& columns,
                                         std::size_t count) {
  for (int attempt = 1;; ++attempt) {
    auto joined = try_join(*snapshot, read, columns, count);
    if (joined.ok() || !joined.error().is_busy() || attempt == kAttempts) return joined;
    snapshot.reset();
    auto taken = Snapshot::take(read);
    if (!taken.ok()) return explain(read, std::move(taken).error());
    snapshot = std::move(taken).value();
  }
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
