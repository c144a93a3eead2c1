#include "connectors/postgres/table_rules.hpp"

#include "base/names.hpp"

namespace leat::connectors::postgres {
namespace {

std::string oid_of(const TableName& table) {
  return "CAST(" + quote_literal(table.sql()) + " AS pg_catalog.regclass)";
}

/// The table and its parts, as `parts` of a query.
std::string with_parts(const TableName& table) {
  return "WITH RECURSIVE parts AS (SELECT " + oid_of(table) +
         " AS id UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i JOIN parts ON "
         "i.inhparent = parts.id) ";
}

/// What a row that is deleted does to those that refer to it, of the table's parts too. Rows of a
/// table that refer to its own are replaced with it.
std::string followers_sql(const TableName& table, Strategy strategy) {
  return with_parts(table) +
         "SELECT CAST(f.conrelid AS pg_catalog.regclass), f.conname, CASE "
         "f.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END "
         "FROM pg_catalog.pg_constraint AS f JOIN parts ON f.confrelid = parts.id WHERE f.contype "
         "= 'f' AND f.confdeltype IN ('c', 'n', 'd')" +
         (strategy == Strategy::replace ? " AND f.conrelid NOT IN (SELECT id FROM parts)" : "") +
         " ORDER BY f.conparentid, 1, 2 LIMIT 1";
}

/// Do policies hide a row of the table from this user, or may they? Those that let all through do
/// not: it is seen, changed and deleted like any other.
std::string hidden_sql(const TableName& table) {
  const auto oid = "CAST(" + oid_of(table) + " AS pg_catalog.oid)";
  const auto of_table = "FROM pg_catalog.pg_policy AS p WHERE p.polrelid = " + oid;
  const std::string is_all =
      "pg_catalog.pg_get_expr(p.polqual, p.polrelid) IS NOT DISTINCT FROM 'true'";
  const std::string is_for_us =
      "(0 = ANY (p.polroles) OR EXISTS (SELECT FROM pg_catalog.unnest(p.polroles) AS r(id) WHERE "
      "r.id <> 0 AND pg_catalog.pg_has_role(r.id, 'USAGE')))";
  return "SELECT 1 WHERE pg_catalog.row_security_active(" + oid + ") AND (EXISTS (SELECT " +
         of_table + " AND NOT p.polpermissive AND p.polcmd <> 'a' AND NOT (" + is_all +
         ")) OR EXISTS (SELECT FROM pg_catalog.unnest(ARRAY['r', 'w', 'd']) AS c(cmd) WHERE NOT "
         "EXISTS (SELECT " +
         of_table + " AND p.polpermissive AND CAST(p.polcmd AS text) IN ('*', c.cmd) AND " +
         is_all + " AND " + is_for_us + ")))";
}

}  // namespace

Status require_own_rows(leat::postgres::Connection& server, const TableName& table,
                        Strategy strategy, const std::string& place) {
  if (strategy == Strategy::append) return {};
  TRY(const auto hidden, server.query(hidden_sql(table)));
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

Result<std::vector<std::string>> find_keepers(leat::postgres::Connection& server,
                                              const TableName& table) {
  // Of a trigger's type the first bit says that it looks at rows, the second that it does so before
  // they are stored, the fourth that it looks at those that are deleted, which it may put back.
  TRY(const auto found,
      server.query(with_parts(table) +
                   "SELECT 'trigger ' || g.tgname FROM pg_catalog.pg_trigger AS g WHERE g.tgrelid "
                   "IN (SELECT id FROM parts) AND NOT g.tgisinternal AND g.tgenabled <> 'D' AND "
                   "(g.tgtype & 3 = 3 OR g.tgtype & 8 = 8) UNION SELECT 'rule ' || r.rulename FROM "
                   "pg_catalog.pg_rewrite AS r WHERE r.ev_class IN (SELECT id FROM parts) AND "
                   "r.ev_enabled <> 'D' AND r.ev_type <> '1' ORDER BY 1"));
  std::vector<std::string> names;
  for (const auto& row : found) names.push_back(row[0].value_or(""));
  return names;
}

std::string without(const std::vector<std::string>& keepers) {
  const auto who = keepers.empty()
                       ? std::string("a trigger or rule of it")
                       : (keepers.size() == 1 ? "its " : "one of its ") + join_names(keepers, ", ");
  return who +
         " decides which rows it has, so that no receipt could prove them: publish to a table that "
         "has none";
}

}  // namespace leat::connectors::postgres
