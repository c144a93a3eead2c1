#include "connectors/postgres/table.hpp"

#include <algorithm>
#include <charconv>

namespace leat::connectors::postgres {
namespace {

using leat::postgres::Cells;
using leat::postgres::Connection;

/// Of a column `a` of type `t`: a domain is what it rests on, however many lie between.
constexpr const char* kTypeParts =
    "coalesce(b.typname, t.typname), pg_catalog.format_type(t.oid, m.modifier), "
    "CASE WHEN t.typtype = 'd' THEN b.modifier ELSE m.modifier END, "
    "coalesce(b.typtype, t.typtype) = 'e', coalesce(b.typelem, t.typelem) = 0";
constexpr const char* kBaseJoin =
    " LEFT JOIN LATERAL (WITH RECURSIVE below AS (SELECT t.typbasetype AS id, t.typtypmod AS "
    "modifier UNION ALL SELECT d.typbasetype, d.typtypmod FROM below JOIN pg_catalog.pg_type d ON "
    "d.oid = below.id WHERE d.typtype = 'd') SELECT p.typname, p.typtype, p.typelem, "
    "below.modifier FROM below JOIN pg_catalog.pg_type p ON p.oid = below.id WHERE p.typtype <> "
    "'d') b ON t.typtype = 'd'";

PgType type_in(const Cells& row, std::size_t from) {
  PgType type;
  type.base = row[from].value_or("");
  type.sql = row[from + 1].value_or("");
  const auto modifier = row[from + 2].value_or("-1");
  std::from_chars(modifier.data(), modifier.data() + modifier.size(), type.modifier);
  type.is_enum = row[from + 3] == "t";
  type.is_scalar = row[from + 4] == "t";
  return type;
}

}  // namespace

const TableColumn* FoundTable::column(const std::string& wanted) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const TableColumn& one) { return one.name == wanted; });
  return found == columns.end() ? nullptr : &*found;
}

Result<FoundTable> look_at(Connection& server, const TableName& table) {
  FoundTable found;
  const auto schema = quote_literal(table.schema);
  TRY(const auto kind,
      server.query("SELECT n.oid, c.oid, c.relkind FROM pg_catalog.pg_namespace n LEFT JOIN "
                   "pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = " +
                   quote_literal(table.table) +
                   " AND c.relkind NOT IN ('i', 'I', 'S', 't', 'c') "
                   "WHERE n.nspname = " +
                   schema));
  if (kind.empty()) return found;
  found.schema_is_there = true;
  if (!kind[0][1]) return found;
  found.is_there = true;
  found.kind = kind[0][2].value_or("r")[0];
  TRY(const auto rows,
      server.query(std::string("SELECT a.attname, ") + kTypeParts +
                   ", a.attidentity <> '', a.attgenerated <> '', a.atthasdef, EXISTS "
                   "(SELECT 1 FROM pg_catalog.pg_collation AS o WHERE o.oid = a.attcollation AND "
                   "NOT o.collisdeterministic) FROM pg_catalog.pg_attribute a, "
                   "LATERAL (SELECT a.atttypmod AS modifier) m JOIN pg_catalog.pg_type t ON true" +
                   kBaseJoin + " WHERE t.oid = a.atttypid AND a.attrelid = " + *kind[0][1] +
                   " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"));
  for (const auto& row : rows) {
    TableColumn column;
    column.name = row[0].value_or("");
    column.type = type_in(row, 1);
    column.is_identity = row[6] == "t";
    column.is_generated = row[7] == "t";
    column.has_default = row[8] == "t" && !column.is_generated;
    column.has_loose_order = row[9] == "t";
    found.columns.push_back(std::move(column));
  }
  return found;
}

Result<std::vector<PgType>> types_of(Connection& server,
                                     const std::vector<leat::postgres::ResultColumn>& columns) {
  std::string values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    values += (i > 0 ? ", (" : "(") + std::to_string(i) + ", " + std::to_string(columns[i].type) +
              "::oid, " + std::to_string(columns[i].modifier) + ")";
  }
  TRY(const auto rows,
      server.query(std::string("SELECT ") + kTypeParts + " FROM (VALUES " + values +
                   ") AS m(place, type, modifier) JOIN pg_catalog.pg_type t ON "
                   "t.oid = m.type" +
                   kBaseJoin + " ORDER BY m.place"));
  if (rows.size() != columns.size()) {
    return Error(Fault::internal, "the server does not know the types of its own columns");
  }
  std::vector<PgType> types;
  for (const auto& row : rows) types.push_back(type_in(row, 0));
  return types;
}

Result<std::vector<std::string>> table_names(Connection& server, const std::string& schema) {
  TRY(const auto rows,
      server.query("SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON "
                   "n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND "
                   "n.nspname = " +
                   quote_literal(schema) + " ORDER BY 1"));
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row[0].value_or(""));
  return names;
}

}  // namespace leat::connectors::postgres
