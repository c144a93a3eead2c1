#include "connectors/postgres/held_tables.hpp"

#include "connectors/postgres/read_columns.hpp"

namespace leat::connectors::postgres {
namespace {

/// The file of a table is another one now than in the snapshot, or the table is not there at all.
/// Functions of the catalog see what is, the catalog's tables what was.
constexpr const char* kRewritten =
    "SELECT (pg_catalog.pg_identify_object(t.classes, l.relation, 0)).identity FROM "
    "pg_catalog.pg_locks AS l CROSS JOIN (SELECT CAST('pg_catalog.pg_class' AS "
    "pg_catalog.regclass) AS classes) AS t LEFT JOIN pg_catalog.pg_class AS c ON c.oid = "
    "l.relation WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid() AND "
    "l.database <> 0 AND CASE WHEN c.oid IS NULL THEN (pg_catalog.pg_identify_object(t.classes, "
    "l.relation, 0)).type IN ('table', 'materialized view') ELSE c.relkind IN ('r', 'm') AND "
    "c.relfilenode <> 0 AND c.relfilenode <> pg_catalog.pg_relation_filenode(c.oid) END LIMIT 1";

}  // namespace

Result<HeldTables> hold_tables(leat::postgres::Connection& server, const TableRead& read) {
  HeldTables held;
  // Planning locks them all. With parameters, even none, more than one statement is refused.
  TRY(const auto plan, server.query("EXPLAIN (FORMAT json) " + base_select(read), {}));
  for (const auto& row : plan) {
    if (row[0].value_or("").find("\"Foreign Scan\"") != std::string::npos) held.are_foreign = true;
  }
  TRY(const auto found, server.query(kRewritten));
  if (!found.empty()) held.rewritten = found[0][0].value_or("a table of it");
  return held;
}

Error rewritten_meanwhile(const HeldTables& held) {
  return Error(Fault::external, held.rewritten +
                                    " was emptied or made anew while a snapshot of it was taken, "
                                    "which would show it without rows")
      .busy()
      .hint("nothing was read; run again");
}

}  // namespace leat::connectors::postgres
