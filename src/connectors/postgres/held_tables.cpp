#include "connectors/postgres/held_tables.hpp"

#include "connectors/postgres/read_columns.hpp"
#include "connectors/postgres/snapshot.hpp"

namespace leat::connectors::postgres {
namespace {

/// Functions of the catalog see what is, the catalog's tables what was. Of the server's own, which
/// come first, this statement holds some itself; an index is nothing that rows are lost by.
constexpr const char* kFiles =
    "SELECT pg_catalog.string_agg(held.id || '=' || "
    "coalesce(pg_catalog.pg_relation_filenode(held.id), 0), ',' ORDER BY held.id) FROM (SELECT "
    "DISTINCT l.relation AS id FROM pg_catalog.pg_locks AS l WHERE l.locktype = 'relation' AND "
    "l.pid = pg_catalog.pg_backend_pid() AND l.database <> 0 AND CAST(CAST(l.relation AS text) AS "
    "bigint) >= 16384) AS held WHERE (pg_catalog.pg_identify_object(CAST('pg_catalog.pg_class' AS "
    "pg_catalog.regclass), held.id, 0)).type IS DISTINCT FROM 'index'";

}  // namespace

Result<HeldTables> hold_tables(leat::postgres::Connection& server, const TableRead& read) {
  HeldTables held;
  // With parameters, even none, more than one statement is refused.
  TRY(const auto plan, server.query("EXPLAIN (FORMAT json) " + base_select(read), {}));
  for (const auto& row : plan) {
    if (row[0].value_or("").find("\"Foreign Scan\"") != std::string::npos) held.are_foreign = true;
  }
  TRY(const auto found, server.query(kFiles));
  held.files = found[0][0].value_or("");
  return held;
}

Error rewritten_meanwhile(const TableRead& read) {
  return Error(Fault::external, described(read) +
                                    " was emptied, made anew or exchanged while it was about to be "
                                    "read, so that a snapshot would show it without rows")
      .busy()
      .hint("nothing was read; run again");
}

}  // namespace leat::connectors::postgres
