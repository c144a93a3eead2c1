#include "connectors/postgres/table_rules.hpp"

namespace leat::connectors::postgres {
namespace {

std::string oid_of(const TableName& table) {
  return "CAST(" + quote_literal(table.sql()) + " AS pg_catalog.regclass)";
}

/// What a row that is deleted does to those that refer to it, of the table's parts too. Rows of a
/// table that refer to its own are replaced with it.
std::string followers_sql(const TableName& table, Strategy strategy) {
  return "WITH RECURSIVE parts AS (SELECT " + oid_of(table) +
         " AS id UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i JOIN parts ON "
         "i.inhparent = parts.id) SELECT CAST(f.conrelid AS pg_catalog.regclass), f.conname, CASE "
         "f.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END "
         "FROM pg_catalog.pg_constraint AS f JOIN parts ON f.confrelid = parts.id WHERE f.contype "
         "= 'f' AND f.confdeltype IN ('c', 'n', 'd')" +
         (strategy == Strategy::replace ? " AND f.conrelid NOT IN (SELECT id FROM parts)" : "") +
         " ORDER BY f.conparentid, 1, 2 LIMIT 1";
}

}  // namespace

Status require_own_rows(leat::postgres::Connection& server, const TableName& table,
                        Strategy strategy, const std::string& place) {
  TRY(const auto hidden, server.query("SELECT 1 WHERE pg_catalog.row_security_active(CAST(" +
                                      oid_of(table) + " AS pg_catalog.oid))"));
  if (!hidden.empty()) {
    return Error(Fault::config, "policies decide which rows of " + place +
                                    " this user sees, and rows that are hidden would be doubled")
        .hint("publish as the owner of the table, or as a user with BYPASSRLS");
  }
  if (strategy != Strategy::replace && strategy != Strategy::delete_insert) return {};
  TRY(const auto followers, server.query(followers_sql(table, strategy)));
  if (followers.empty()) return {};
  const auto cell = [&](std::size_t i) { return followers[0][i].value_or(""); };
  return Error(Fault::config, "`" + std::string(name_of(strategy)) + "` deletes rows of " + place +
                                  " before they come again, and rows of " + cell(0) +
                                  " go with them: its constraint `" + cell(1) +
                                  "` says ON DELETE " + cell(2))
      .hint(
          "use `merge`; or make it NO ACTION and DEFERRABLE INITIALLY DEFERRED, which looks "
          "once the new rows are there");
}

}  // namespace leat::connectors::postgres
