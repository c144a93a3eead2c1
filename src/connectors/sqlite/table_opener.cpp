#include "connectors/sqlite/table_opener.hpp"

#include "base/names.hpp"
#include "connectors/sqlite/column_types.hpp"
#include "connectors/sqlite/table_columns.hpp"

namespace leat::connectors::sqlite {
namespace {

using data::TypeId;
using leat::sqlite::Database;
using leat::sqlite::Statement;

constexpr int kSniffedRows = 1000;
constexpr const char* kPlaceColumn = "leat rowid";

/// The type that holds values of both kinds that SQLite stores.
int kind_for_both(int a, int b) {
  if (a == SQLITE_NULL || a == b) return b;
  if (b == SQLITE_NULL) return a;
  const auto is_number = [](int kind) { return kind == SQLITE_INTEGER || kind == SQLITE_FLOAT; };
  return is_number(a) && is_number(b) ? SQLITE_FLOAT : SQLITE_TEXT;
}

data::Type type_of_kind(int kind) {
  switch (kind) {
    case SQLITE_INTEGER: return {TypeId::int64, 0, 0, {}};
    case SQLITE_FLOAT: return {TypeId::float64, 0, 0, {}};
    case SQLITE_BLOB: return {TypeId::blob, 0, 0, {}};
    default: return {TypeId::varchar, 0, 0, {}};
  }
}

}  // namespace

Status TableOpener::require_file() const {
  if (x_files.exists(x_read.file)) return {};
  return Error(Fault::config, x_read.shown + " is not there").hint("name a SQLite file");
}

Error TableOpener::explain(Error error) const {
  if (error.is_busy()) {
    return Error(Fault::external, "somebody else is writing to " + x_read.shown)
        .busy()
        .hint("wait and run again, or wait longer: `wait: 1m`");
  }
  return std::move(error).during("while opening " + x_read.shown);
}

Result<data::Schema> TableOpener::schema() {
  if (!x_schema) TRY(open());
  return *x_schema;
}

Result<OpenRead> TableOpener::open(const std::string& where) {
  TRY(require_file());
  auto opened = open_rows(where);
  if (!opened.ok()) return explain(std::move(opened).error());
  return opened;
}

std::string TableOpener::from_sql() const {
  if (!x_read.table.empty()) return quote_identifier(x_read.table);
  const auto end = x_read.query.find_last_not_of(" \t\r\n;");
  return "(" + x_read.query.substr(0, end + 1) + "\n)";
}

Result<Database> TableOpener::open_snapshot() const {
  TRY(auto database,
      leat::sqlite::open_database(x_read.file, leat::sqlite::Access::look, x_read.wait));
  TRY(leat::sqlite::execute(database.get(), "PRAGMA query_only=ON"));
  TRY(leat::sqlite::execute(database.get(), "BEGIN"));
  TRY(leat::sqlite::execute(database.get(), "SELECT 1 FROM sqlite_schema LIMIT 1"));
  return database;
}

/// Learns the columns where they are not known.
Result<OpenRead> TableOpener::open_rows(const std::string& where) {
  OpenRead opened;
  TRY(opened.database, open_snapshot());
  auto* database = opened.database.get();
  std::string select = x_read.query;
  if (!x_read.table.empty()) {
    TRY(require_table(database));
    const auto table = quote_identifier(x_read.table);
    opened.has_rowid =
        leat::sqlite::prepare(database, "SELECT rowid FROM " + table).ok() && is_table(database);
    select = "SELECT *" +
             (opened.has_rowid ? std::string(", rowid AS ") + quote_identifier(kPlaceColumn)
                               : std::string()) +
             " FROM " + table;
  }
  if (!x_schema || where.empty()) {
    TRY(opened.select, prepare_one(database, select));
  }
  if (!x_schema) TRY(learn_schema(opened));
  if (where.empty()) return opened;
  if (x_read.table.empty()) select = "SELECT * FROM " + from_sql();
  TRY(opened.select, leat::sqlite::prepare(database, select + " WHERE " + where));
  return opened;
}

bool TableOpener::is_table(sqlite3* database) const {
  const auto found = leat::sqlite::query(database,
                                         "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND "
                                         "lower(name) = lower(?1)",
                                         {x_read.table});
  return found.ok() && !found->empty();
}

Status TableOpener::require_table(sqlite3* database) const {
  TRY(const auto columns, columns_of(database, x_read.table));
  if (!columns.empty()) return {};
  TRY(const auto names, table_names(database));
  return Error(Fault::config, x_read.shown + " has no table `" + x_read.table + "`")
      .hint(names.empty() ? "there is no table in it" : name_hint(x_read.table, names));
}

Result<Statement> TableOpener::prepare_one(sqlite3* database, const std::string& select) const {
  std::string_view rest;
  TRY(auto statement, leat::sqlite::prepare(database, select, &rest));
  const bool is_alone = rest.find_first_not_of(" \t\r\n;") == std::string_view::npos;
  if (statement && is_alone && sqlite3_stmt_readonly(statement.get()) != 0 &&
      sqlite3_column_count(statement.get()) > 0) {
    return statement;
  }
  return Error(Fault::config, "`query` must be one SELECT, and nothing that writes");
}

Status TableOpener::learn_schema(OpenRead& opened) {
  data::Schema schema;
  std::vector<std::size_t> unknown;
  auto* select = opened.select.get();
  const int columns = sqlite3_column_count(select) - (opened.has_rowid ? 1 : 0);
  for (int i = 0; i < columns; ++i) {
    data::Column column{sqlite3_column_name(select, i), {}, true};
    if (schema.find(column.name)) {
      return Error(Fault::config, "the column `" + column.name + "` comes twice")
          .hint("give one of them another name: AS …");
    }
    const char* declared = sqlite3_column_decltype(select, i);
    const auto type = type_of_declared(declared != nullptr ? declared : "");
    if (type) {
      column.type = *type;
    } else {
      unknown.push_back(schema.size());
    }
    schema.columns.push_back(std::move(column));
  }
  if (!unknown.empty()) TRY(sniff(opened, schema, unknown));
  TRY(apply_types(schema));
  x_schema = std::move(schema);
  return {};
}

Status TableOpener::sniff(OpenRead& opened, data::Schema& schema,
                          const std::vector<std::size_t>& unknown) const {
  std::vector<int> kinds(unknown.size(), SQLITE_NULL);
  auto* select = opened.select.get();
  int code = SQLITE_ROW;
  for (int row = 0; row < kSniffedRows && code == SQLITE_ROW; ++row) {
    code = sqlite3_step(select);
    for (std::size_t i = 0; i < unknown.size() && code == SQLITE_ROW; ++i) {
      const int kind = sqlite3_column_type(select, static_cast<int>(unknown[i]));
      kinds[i] = kind_for_both(kinds[i], kind);
    }
  }
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    return leat::sqlite::failure(opened.database.get(), code);
  }
  sqlite3_reset(select);
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    schema.columns[unknown[i]].type = type_of_kind(kinds[i]);
  }
  return {};
}

Status TableOpener::apply_types(data::Schema& schema) const {
  for (const auto& [name, type] : x_read.types) {
    const auto found = schema.find(name);
    if (!found) {
      return Error(Fault::config, "`columns` names `" + name + "`, which is not read")
          .hint(name_hint(name, schema.names()));
    }
    schema.columns[*found].type = type;
  }
  return {};
}

}  // namespace leat::connectors::sqlite
