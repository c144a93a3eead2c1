#include "connectors/postgres/describe.hpp"

#include "clients/cursor/cursor_source.hpp"
#include "clients/sql_target/ledger.hpp"
#include "connectors/postgres/connection_options.hpp"
#include "connectors/postgres/cursor_table.hpp"
#include "connectors/postgres/sealed_source.hpp"
#include "connectors/postgres/table.hpp"
#include "connectors/postgres/table_sink.hpp"
#include "connectors/postgres/table_source.hpp"
#include "config/sql_text.hpp"
#include "core/catalog.hpp"
#include "io/files.hpp"

namespace leat::connectors::postgres {
namespace {

using Text = config::Located<std::string>;

constexpr std::size_t kNameBytesMax = 63;  ///< The server cuts longer names.

struct SinkOptions : ConnectionOptions {
  std::string schema = "public";
  std::string table;
  Text hypertable;
  bool overwrite = false;
};

struct SourceOptions : ConnectionOptions {
  std::string schema = "public";
  std::string table;
  config::SqlText query;
  config::SqlText where;
  std::vector<std::pair<Text, Text>> columns;
  std::uint64_t readers = 1;
};

const config::OptionTable<SinkOptions>& sink_options() {
  using config::option;
  static const auto table = [] {
    std::vector<config::TableLine<SinkOptions>> lines;
    add_connection_lines(lines);
    lines.emplace_back(
        option("schema", &SinkOptions::schema, "The schema of the table.").length(1, 63));
    lines.emplace_back(option("table", &SinkOptions::table, "The table.").required().length(1, 63));
    lines.emplace_back(option("hypertable", &SinkOptions::hypertable,
                              "A table that is made becomes a hypertable of TimescaleDB by this "
                              "column of times or whole numbers; without the extension a plain "
                              "table.")
                           .example("at"));
    lines.emplace_back(option("overwrite", &SinkOptions::overwrite,
                              "Replace a table that is there already and was not made by Leat."));
    return config::option_table<SinkOptions>(std::move(lines));
  }();
  return table;
}

const config::OptionTable<SourceOptions>& source_options() {
  using config::option;
  static const auto table = [] {
    std::vector<config::TableLine<SourceOptions>> lines;
    add_connection_lines(lines);
    lines.emplace_back(
        option("schema", &SourceOptions::schema, "The schema of the table.").length(1, 63));
    lines.emplace_back(option("table", &SourceOptions::table, "A table or view."));
    lines.emplace_back(option("query", &SourceOptions::query,
                              "One SELECT in PostgreSQL's SQL, instead of `table`.")
                           .example("\"SELECT id, name FROM customers WHERE active\""));
    lines.emplace_back(option("where", &SourceOptions::where,
                              "Which rows of the table: a condition in PostgreSQL's SQL.")
                           .example("\"updated_at >= '2024-01-01'\""));
    lines.emplace_back(option("columns", &SourceOptions::columns,
                              "The columns that are read, and their types; default: all as the "
                              "server has them. With it `check` needs no server.")
                           .example("{id: bigint, opened: timestamp}"));
    lines.emplace_back(option("readers", &SourceOptions::readers,
                              "How many connections read a table at once, all of one snapshot; no "
                              "more than threads. Rows then come in no order. Views, queries and "
                              "cursors have one.")
                           .between(1, 64)
                           .example("4"));
    return config::option_table<SourceOptions>(std::move(lines));
  }();
  return table;
}

bool can_part_time(const data::Type& type) {
  using data::TypeId;
  return type.id == TypeId::date || type.id == TypeId::timestamp ||
         type.id == TypeId::timestamp_tz || type.id == TypeId::int16 || type.id == TypeId::int32 ||
         type.id == TypeId::int64;
}

std::string too_long(const std::string& name) {
  return "`" + name + "` has " + std::to_string(name.size()) +
         " bytes, and PostgreSQL cuts a name behind " + std::to_string(kNameBytesMax);
}

Status require_short_name(const std::string& column) {
  if (column.size() <= kNameBytesMax) return {};
  return Error(Fault::config, "the column " + too_long(column))
      .hint("give it a shorter name in a model: AS …");
}

/// What is cut may be the name of another table.
void judge_names(const config::Node& node, config::Findings& findings) {
  for (const char* key : {"schema", "table"}) {
    const auto name = option_text(node, key);
    if (name.size() <= kNameBytesMax) continue;
    findings.add(*node.find(key), too_long(name), "name it shorter");
  }
}

class TableSinkSpec final : public SinkSpec {
 public:
  explicit TableSinkSpec(SinkOptions options) : x_options(std::move(options)) {}

  bool supports(Strategy) const override { return true; }
  std::string target_key(const BuildContext&) const override {
    return "postgres:" + server_key(x_options) + ":" + x_options.schema + "." + x_options.table;
  }
  Status accepts(const data::Schema& schema) const override {
    for (const auto& column : schema.columns) TRY(require_short_name(column.name));
    const auto& name = x_options.hypertable.text;
    if (name.empty()) return {};
    const auto at = schema.find(name);
    if (!at) {
      return Error(Fault::config, "there is no column `" + name + "` for `hypertable`")
          .hint(name_hint(name, schema.names()));
    }
    const auto& type = schema.columns[*at].type;
    if (can_part_time(type)) return {};
    return Error(Fault::config, "column `" + name + "` is " + data::sql_of(type) +
                                    ", and a hypertable is parted by times or whole numbers");
  }

  Result<std::unique_ptr<Sink>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.files != nullptr);
    TableTarget target;
    TRY(target.server, server_of(x_options, context));
    target.shown = shown_server(x_options);
    target.look = psql_command(x_options);
    target.table = {x_options.schema, x_options.table};
    target.time_column = x_options.hypertable.text;
    target.overwrite = x_options.overwrite;
    target.scratch = context.scratch;
    return open_table_sink(*context.files, std::move(target));
  }

 private:
  SinkOptions x_options;
};

class TableSourceSpec final : public SourceSpec {
 public:
  TableSourceSpec(ConnectionOptions options, TableRead read,
                  std::optional<Cursor> cursor = std::nullopt,
                  std::optional<SealRule> seal = std::nullopt)
      : x_options(std::move(options)),
        x_read(std::move(read)),
        x_cursor(std::move(cursor)),
        x_seal(std::move(seal)) {}

  Replay replay() const override { return Replay::snapshot; }
  bool grows() const override { return x_cursor.has_value(); }
  bool is_remote() const override { return true; }
  std::optional<data::Schema> declared() const override {
    if (x_read.columns.empty()) return std::nullopt;
    return data::Schema{x_read.columns};
  }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    TableRead read = x_read;
    TRY(read.server, server_of(x_options, context));
    read.shown = shown_server(x_options);
    if (x_seal && context.parts != nullptr) {
      return open_sealed_source(std::move(read), *x_seal, *context.parts, *context.clock);
    }
    if (!x_cursor) return open_table_source(std::move(read));
    return cursor::open_source(cursor_tables(std::move(read), *x_cursor), *x_cursor);
  }
  std::unique_ptr<SourceSpec> with_cursor(const Cursor& cursor) const override {
    return std::make_unique<TableSourceSpec>(x_options, x_read, cursor);
  }
  std::unique_ptr<SourceSpec> with_seal(const SealRule& rule) const override {
    return std::make_unique<TableSourceSpec>(x_options, x_read, x_cursor, rule);
  }
  const SealRule* seal() const override { return x_seal ? &*x_seal : nullptr; }

 private:
  ConnectionOptions x_options;
  TableRead x_read;
  std::optional<Cursor> x_cursor;
  std::optional<SealRule> x_seal;
};

std::unique_ptr<SinkSpec> parse_sink(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(sink_options(), node, findings);
  if (!read) return nullptr;
  const auto before = findings.size();
  judge_connection(*read, node, findings);
  judge_names(node, findings);
  for (const char* ledger : {sql_target::kCommits, sql_target::kHeads}) {
    if (read->table != ledger) continue;
    findings.add(*node.find("table"), "`" + read->table + "` is where the receipts are kept",
                 "name another table");
  }
  if (findings.size() != before) return nullptr;
  return std::make_unique<TableSinkSpec>(*read);
}

void read_columns(const SourceOptions& options, TableRead& read, config::Findings& findings) {
  for (const auto& [name, type] : options.columns) {
    auto parsed = data::parse_type(type.text);
    if (!parsed.ok()) {
      findings.add(type.place, parsed.error().message(), parsed.error().hint_text(), type.length);
    } else if (!is_readable(*parsed)) {
      findings.add(type.place,
                   "a column of type " + data::sql_of(*parsed) + " is not read from PostgreSQL",
                   "read it as varchar or json and convert it in a model", type.length);
    } else {
      read.columns.push_back({name.text, *std::move(parsed), true});
    }
  }
}

std::unique_ptr<SourceSpec> parse_source(const config::Node& node, config::Findings& findings) {
  const auto options = config::read_options(source_options(), node, findings);
  if (!options) return nullptr;
  const auto before = findings.size();
  judge_connection(*options, node, findings);
  judge_names(node, findings);
  if (options->table.empty() == options->query.empty()) {
    findings.add(node,
                 options->table.empty() ? "`table` or `query` is missing"
                                        : "`table` and `query` exclude each other",
                 "postgres: {connection: dw, table: orders}");
  } else if (!options->where.empty() && options->table.empty()) {
    findings.add(*node.find("where"), "`where` belongs to `table`", "put it into the query");
  }
  if (options->readers > 1 && options->table.empty()) {
    findings.add(*node.find("readers"),
                 "a query is read by one reader, `readers` divides a `table`",
                 "leave it out, or read a table with `where` and `columns`");
  }
  TableRead read;
  read.table = {options->schema, options->table};
  read.readers = options->readers;
  read.query = options->query.text_for(config::Dialect::postgres);
  read.where = options->where.text_for(config::Dialect::postgres);
  read_columns(*options, read, findings);
  if (findings.size() != before) return nullptr;
  return std::make_unique<TableSourceSpec>(*options, std::move(read));
}

/// "PostgreSQL 15.18, dw as etl, TLSv1.3". What stands in a connection for its nodes alone (a
/// schema) is theirs to judge.
Result<std::string> reach(const config::Node& node, const BuildContext& context,
                          config::Findings& findings) {
  std::vector<const config::Node::Entry*> of_nodes;
  const auto options = read_connection(node, findings, of_nodes);
  if (!options) return std::string();
  for (const auto* entry : of_nodes) {
    if (!sink_options().find(entry->key.text) && !source_options().find(entry->key.text)) {
      add_unknown_key(entry->key, findings);
    }
  }
  if (!findings.empty()) return std::string();
  TRY(const auto server, server_of(*options, context));
  TRY(auto opened, leat::postgres::Connection::open(server));
  TRY(const auto rows,
      opened.query("SELECT 'PostgreSQL ' || current_setting('server_version') || ', ' || "
                   "current_database() || ' as ' || current_user || coalesce(', ' || (SELECT "
                   "version FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()), ', no TLS')"
                   " || CASE WHEN pg_is_in_recovery() OR "
                   "current_setting('default_transaction_read_only') = 'on' THEN ', read-only' "
                   "ELSE '' END"));
  return rows[0][0].value_or("");
}

/// A schema is a place of its own. Names of schemas that are too long for it stay two.
config::Node redirect(const config::Node& node, const Scratch& scratch) {
  const auto written = option_text(node, "schema");
  auto schema = scratch.name + "_" + (written.empty() ? "public" : written);
  if (schema.size() > kNameBytesMax) {
    const auto digest = io::sha256_of(schema).substr(0, 8);
    schema = schema.substr(0, kNameBytesMax - digest.size()) + digest;
  }
  return with_option(with_option(node, "schema", schema), "overwrite", "true");
}

Result<leat::postgres::Connection> connect(const SinkOptions& options,
                                           const BuildContext& context) {
  TRY(const auto server, server_of(options, context));
  return leat::postgres::Connection::open(server);
}

/// The author's table has rules that rows may break: so has the one of the rehearsal.
Status prepare(const config::Node& node, const config::Node& redirected,
               const BuildContext& context) {
  config::Findings ignored;
  const auto own = config::read_options(sink_options(), node, ignored);
  const auto other = config::read_options(sink_options(), redirected, ignored);
  if (!own || !other) return Error::of(ignored.take());
  TRY(auto server, connect(*other, context));
  TRY(server.execute("CREATE SCHEMA IF NOT EXISTS " + quote_identifier(other->schema)));
  const TableName from{own->schema, own->table};
  TRY(const auto there, look_at(server, from));
  if (!there.is_there || (there.kind != 'r' && there.kind != 'p')) return {};
  return server.execute("CREATE TABLE IF NOT EXISTS " +
                        TableName{other->schema, other->table}.sql() + " (LIKE " + from.sql() +
                        " INCLUDING ALL)");
}

Status remove_schema(const config::Node& redirected, const BuildContext& context) {
  config::Findings ignored;
  const auto read = config::read_options(sink_options(), redirected, ignored);
  if (!read) return Error::of(ignored.take());
  TRY(auto server, connect(*read, context));
  return server.execute("DROP SCHEMA IF EXISTS " + quote_identifier(read->schema) + " CASCADE");
}

}  // namespace

void describe(Catalog& catalog) {
  catalog.add(SourceEntry{
      .name = "postgres",
      .summary = "Rows of a table or a query of a PostgreSQL database, in one snapshot.",
      .example = "postgres: {host: localhost, database: dw, table: orders, columns: {id: bigint}}",
      .replay = Replay::snapshot,
      .options = &source_options(),
      .parse = parse_source,
  });
  catalog.add(ConnectionEntry{.name = "postgres", .reach = reach});
  SinkEntry sink;
  sink.name = "postgres";
  sink.summary = "Publishes a table of a PostgreSQL database.";
  sink.example = "postgres: {host: localhost, database: dw, table: rows}";
  sink.guarantee = "exactly_once";
  sink.options = &sink_options();
  sink.parse = parse_sink;
  sink.rehearsal = {.redirect = redirect,
                    .rows = nullptr,
                    .source = "postgres",
                    .prepare = prepare,
                    .remove = remove_schema};
  catalog.add(std::move(sink));
}

}  // namespace leat::connectors::postgres
