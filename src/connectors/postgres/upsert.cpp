#include "connectors/postgres/upsert.hpp"

#include <algorithm>

namespace leat::connectors::postgres {
namespace {

/// Each column comes with the rows, and takes any value that they bring.
bool all_columns_come(const FoundTable& there, const Fit& fit) {
  const auto& written = fit.met.written;
  return fit.met.added.empty() &&
         std::all_of(there.columns.begin(), there.columns.end(), [&](const TableColumn& column) {
           return !column.is_identity && !column.is_generated &&
                  std::find(written.begin(), written.end(), column.name) != written.end();
         });
}

/// A heap without children, rules, triggers of its owner's and policies for rows, into which we may
/// insert.
constexpr const char* kIsPlain =
    "c.relkind = 'r' AND NOT c.relhassubclass AND NOT c.relrowsecurity AND NOT EXISTS (SELECT 1 "
    "FROM pg_catalog.pg_rewrite AS r WHERE r.ev_class = c.oid) AND NOT EXISTS (SELECT 1 FROM "
    "pg_catalog.pg_trigger AS g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) AND "
    "pg_catalog.has_table_privilege(c.oid, 'INSERT')";

/// An index over these columns that refuses a second row at once, and holds equal what they do; the
/// only one that refuses rows: another would look at a row before those behind it are met.
constexpr const char* kIsArbiter =
    "i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS "
    "NULL AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_index AS o WHERE o.indrelid = c.oid AND "
    "o.indexrelid <> i.indexrelid AND (o.indisunique OR o.indisexclusion)) AND NOT EXISTS (SELECT "
    "1 FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) AS p JOIN pg_catalog.pg_attribute AS "
    "x ON x.attrelid = c.oid AND x.attnum = i.indkey[p] WHERE x.attcollation <> "
    "i.indcollation[p])";

std::string names_list(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + quote_literal(name);
  return list;
}

}  // namespace

Result<bool> upserts_alike(leat::postgres::Connection& server, const TableName& table,
                           const FoundTable& there, const Fit& fit) {
  const auto& options = fit.plan.options;
  bool may_break = false;
  for (std::size_t i = 0; i < fit.casts.size(); ++i) may_break = may_break || fit.loses_rules(i);
  if (!all_columns_come(there, fit) || may_break) return false;
  if (!options.version.empty() || !options.delete_when.empty()) return false;
  const auto keys = std::to_string(options.key.size());
  TRY(const auto rows,
      server.query(std::string("SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_index AS "
                               "i ON i.indrelid = c.oid WHERE c.oid = CAST(") +
                   quote_literal(table.sql()) + " AS pg_catalog.regclass) AND " + kIsPlain +
                   " AND " + kIsArbiter + " AND i.indnkeyatts = " + keys +
                   " AND (SELECT count(*) FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) AS "
                   "p JOIN pg_catalog.pg_attribute AS x ON x.attrelid = c.oid AND x.attnum = "
                   "i.indkey[p] WHERE x.attname IN (" +
                   names_list(options.key) + ")) = " + keys + " LIMIT 1"));
  return !rows.empty();
}

}  // namespace leat::connectors::postgres
