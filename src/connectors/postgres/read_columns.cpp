#include "connectors/postgres/read_columns.hpp"

#include <algorithm>

#include "clients/text_values/decode.hpp"

namespace leat::connectors::postgres {
namespace {

using data::TypeId;
using leat::postgres::Connection;
using leat::postgres::ResultColumn;

/// An array as JSON. What JSON cannot tell comes as its text, behind kNoJson: an array that does
/// not begin at 1, and one of several dimensions whose elements may be arrays themselves.
std::string array_sql(const std::string& quoted, const PgType& type) {
  const bool has_json = type.base == "_json" || type.base == "_jsonb";
  const auto strange = "pg_catalog.array_dims(" + quoted + ") ~ '\\[([^1]|1[^:])'" +
                       (has_json ? " OR pg_catalog.array_ndims(" + quoted + ") > 1" : "");
  return "CASE WHEN " + strange + " THEN '" + std::string(kNoJson) + "' || CAST(" + quoted +
         " AS text) ELSE CAST(pg_catalog.array_to_json(" + quoted + ") AS text) END";
}

/// As the server has it, where the engine has such a type; else as text, and arrays as JSON.
ReadColumn natural_column(const std::string& name, const PgType& type) {
  const auto quoted = quote_identifier(name);
  if (auto own = type_of(type)) {
    const auto wire = wire_of(*own, type);
    return {name, *std::move(own), wire, false, quoted};
  }
  if (type.is_array()) {
    return {name, {TypeId::json, 0, 0, {}}, Wire::text, false, array_sql(quoted, type)};
  }
  return {name, {TypeId::varchar, 0, 0, {}}, Wire::text, false, "CAST(" + quoted + " AS text)"};
}

/// As the author has declared it: the server widens what loses nothing, the rest goes by text.
ReadColumn declared_column(const data::Column& column, const std::string& name,
                           const PgType& type) {
  auto natural = natural_column(name, type);
  natural.name = column.name;
  if (natural.type == column.type) return natural;
  const auto wider = type_for(column.type);
  const auto own = type_of(type);
  const auto carried = own ? carriage(*own, wider) : std::nullopt;
  if (carried && !carried->travels_as && carried->cast.empty() && type_of(wider) == column.type) {
    return {column.name, column.type, wire_of(column.type, wider), false,
            "CAST(" + quote_identifier(name) + " AS " + wider.sql + ")"};
  }
  return {column.name, column.type, Wire::text, true,
          "CAST(" + quote_identifier(name) + " AS text)"};
}

Error no_table(Connection& server, const TableRead& read) {
  const auto names = table_names(server, read.table.schema);
  Error error(Fault::config, read.shown + " has no table `" + read.table.shown() + "`");
  if (!names.ok() || names->empty()) return error;
  return std::move(error).hint(name_hint(read.table.table, *names));
}

Status require_table(Connection& server, const TableRead& read) {
  if (read.table.table.empty()) return {};
  TRY(const auto there, look_at(server, read.table));
  return there.is_there ? Status() : Status(no_table(server, read));
}

Result<const ResultColumn*> find(const std::vector<ResultColumn>& columns,
                                 const std::string& name) {
  std::vector<std::string> names;
  const ResultColumn* found = nullptr;
  for (const auto& column : columns) {
    names.push_back(column.name);
    if (column.name == name) return &column;
    if (is_same_name(column.name, name)) found = &column;
  }
  if (found != nullptr) return found;
  return Error(Fault::config, "`columns` names `" + name + "`, which is not there")
      .hint(name_hint(name, names));
}

}  // namespace

data::Schema schema_of(const std::vector<ReadColumn>& columns) {
  data::Schema schema;
  for (const auto& column : columns) schema.columns.push_back({column.name, column.type, true});
  return schema;
}

bool is_readable(const data::Type& type) {
  return text_values::decoder_of(type) != nullptr || type.id == TypeId::blob ||
         type.id == TypeId::interval;
}

std::string base_select(const TableRead& read) {
  if (read.table.table.empty()) return read.query;
  return "SELECT * FROM " + read.table.sql() +
         (read.where.empty() ? "" : " WHERE (" + read.where + "\n)");
}

Result<ServerColumn> find_server_column(Connection& server, const TableRead& read,
                                        const std::string& name, const std::string& whose) {
  TRY(const auto described, server.describe(base_select(read)));
  TRY(const auto types, types_of(server, described));
  std::vector<std::string> names;
  std::optional<std::size_t> alike;
  for (std::size_t i = 0; i < described.size(); ++i) {
    names.push_back(described[i].name);
    if (described[i].name == name) return ServerColumn{name, types[i].sql};
    if (is_same_name(described[i].name, name)) alike = i;
  }
  if (alike) return ServerColumn{described[*alike].name, types[*alike].sql};
  return Error(Fault::config, "there is no column `" + name + "` for " + whose)
      .hint(name_hint(name, names));
}

Result<std::vector<ReadColumn>> find_columns(Connection& server, const TableRead& read) {
  TRY(require_table(server, read));
  TRY(const auto described, server.describe(base_select(read)));
  if (described.empty()) {
    return Error(Fault::config, "`query` must be one SELECT, and nothing that writes");
  }
  TRY(const auto types, types_of(server, described));
  std::vector<ReadColumn> columns;
  if (!read.columns.empty()) {
    for (const auto& column : read.columns) {
      TRY(const auto* found, find(described, column.name));
      columns.push_back(
          declared_column(column, found->name, types[std::size_t(found - described.data())]));
    }
    return columns;
  }
  data::Schema schema;
  for (std::size_t i = 0; i < described.size(); ++i) {
    columns.push_back(natural_column(described[i].name, types[i]));
    if (schema.find(described[i].name)) {
      return Error(Fault::config, "the column `" + described[i].name + "` comes twice")
          .hint("give one of them another name: AS …");
    }
    schema.columns.push_back({columns.back().name, columns.back().type, true});
  }
  return columns;
}

}  // namespace leat::connectors::postgres
