#include "connectors/postgres/snapshot.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/names.hpp"
#include "connectors/postgres/held_tables.hpp"

namespace leat::connectors::postgres {

using leat::postgres::Connection;

namespace {

/// Those that have joined hold the tables. Who waits there waits for somebody who waits for them,
/// and the server, which does not know that they wait for more, never ends it.
constexpr std::chrono::milliseconds kMoreTimeout{500};

Result<Connection> open_beside(const leat::postgres::Server& server) {
  auto hasty = server;
  const auto& own = server.lock_timeout;
  hasty.lock_timeout = own.count() == 0 ? kMoreTimeout : std::min(own, kMoreTimeout);
  return Connection::open(hasty);
}

Status set_lock_timeout(Connection& server, std::chrono::milliseconds to) {
  return server.execute("SET lock_timeout = " + std::to_string(to.count()));
}

}  // namespace

Result<Snapshot> Snapshot::take(const TableRead& read) {
  TRY(auto locker, Connection::open(read.server));
  TRY(auto holder, Connection::open(read.server));
  TRY(locker.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"));
  TRY(auto held, hold_tables(locker, read));
  TRY(holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  TRY(const auto found, holder.query("SELECT pg_catalog.pg_current_snapshot(), "
                                     "pg_catalog.pg_export_snapshot(), "
                                     "pg_catalog.pg_postmaster_start_time(), "
                                     "pg_catalog.clock_timestamp()"));
  TRY(holder.execute("SAVEPOINT leat_look"));
  TRY(locker.execute("ROLLBACK"));
  auto name = nlohmann::json::array({found[0][0].value_or(""), found[0][2].value_or("")});
  if (held.are_foreign) name.push_back(found[0][3].value_or(""));
  Snapshot taken(std::move(holder), found[0][1].value_or(""), name.dump());
  taken.x_files = std::move(held.files);
  taken.x_next = std::move(locker);
  return taken;
}

Result<std::optional<Connection>> Snapshot::join(const TableRead& read,
                                                 const std::vector<ReadColumn>& columns) {
  if (!x_next) {
    TRY(x_next, Connection::open(read.server));
  }
  return join_by(*std::exchange(x_next, std::nullopt), read, columns);
}

Result<std::optional<Connection>> Snapshot::join_by(Connection server, const TableRead& read,
                                                    const std::vector<ReadColumn>& columns) {
  // Whatever it has looked at it lets go: who waits for that would be waited for.
  TRY(x_holder.execute("ROLLBACK TO SAVEPOINT leat_look"));
  TRY(server.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  if (auto joined = server.execute("SET TRANSACTION SNAPSHOT " + quote_literal(x_id));
      !joined.ok()) {
    const bool is_gone = joined.error().fault() == Fault::config;
    return is_gone ? Error(Fault::external, joined.error().message())
                         .hint("the server has lost the snapshot: run again")
                   : std::move(joined).error();
  }
  TRY(const auto now, find_columns(server, read));
  if (now != columns) {
    return Error(Fault::external, "its columns have changed since it was looked at")
        .hint("run again");
  }
  TRY(const auto held, hold_tables(server, read));
  if (held.files != x_files) return std::optional<Connection>();
  return std::optional<Connection>(std::move(server));
}

Result<std::vector<Connection>> Snapshot::join_all(const TableRead& read,
                                                   const std::vector<ReadColumn>& columns,
                                                   std::size_t count) {
  std::vector<Connection> joined;
  TRY(auto first, join(read, columns));
  if (!first) return joined;
  joined.push_back(std::move(*first));
  while (joined.size() < count) {
    auto beside = open_beside(read.server);
    if (!beside.ok()) break;
    auto another = join_by(std::move(beside).value(), read, columns);
    if (!another.ok() || !*another) break;
    TRY(set_lock_timeout(**another, read.server.lock_timeout));
    joined.push_back(std::move(**another));
  }
  return joined;
}

Result<std::vector<Connection>> Snapshot::join_all_and_look(const TableRead& read,
                                                            const std::vector<ReadColumn>& columns,
                                                            std::size_t count) {
  for (int attempt = 1;; ++attempt) {
    TRY(auto joined, join_all(read, columns, count));
    if (joined.empty()) return joined;
    TRY(set_lock_timeout(x_holder, kMoreTimeout));
    const auto held = hold_tables(x_holder, read);
    if (held.ok()) {
      TRY(set_lock_timeout(x_holder, read.server.lock_timeout));
      if (held->files != x_files) joined.clear();
      return joined;
    }
    // Those that have joined go, and let him in who waits for them.
    if (!held.error().is_busy() || attempt == kSnapshotAttempts) return held.error();
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
