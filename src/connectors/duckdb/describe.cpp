#include "connectors/duckdb/describe.hpp"

#include <algorithm>

#include "config/options.hpp"
#include "config/sql_text.hpp"
#include "clients/sql_target/ledger.hpp"
#include "connectors/duckdb/attachment.hpp"
#include "connectors/duckdb/table_sink.hpp"
#include "connectors/duckdb/table_source.hpp"
#include "core/addresses.hpp"
#include "core/catalog.hpp"
#include "data/parquet_types.hpp"

namespace leat::connectors::duckdb {
namespace {

struct Options {
  std::string path;
  std::string table;
  std::string schema = "main";
  bool overwrite = false;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>({
      within(PathReach::machine,
             option("path", &Options::path, "The database file, relative to the project's root.")
                 .example("warehouse.duckdb")
                 .required()
                 .length(1, 0)),
      option("table", &Options::table, "The table.").required().length(1, 0),
      option("schema", &Options::schema, "The schema of the table.").length(1, 0),
      option("overwrite", &Options::overwrite,
             "Replace a table that is there already and was not made by Leat. It is made anew, "
             "without its constraints."),
  });
  return table;
}

struct SourceOptions {
  std::string path;
  std::string table;
  std::string schema = "main";
  config::SqlText query;
};

const config::OptionTable<SourceOptions>& source_options() {
  using config::option;
  static const auto table = config::option_table<SourceOptions>({
      within(PathReach::machine, option("path", &SourceOptions::path,
                                        "The database file, relative to the project's root.")
                                     .example("warehouse.duckdb")
                                     .required()
                                     .length(1, 0)),
      option("table", &SourceOptions::table, "A table or view, with all its columns."),
      option("schema", &SourceOptions::schema, "The schema of the table.").length(1, 0),
      option("query", &SourceOptions::query,
             "One SELECT over tables of the schema, instead of `table`.")
          .example("\"SELECT id, name FROM customers WHERE active\""),
  });
  return table;
}

class TableSourceSpec final : public SourceSpec {
 public:
  explicit TableSourceSpec(SourceOptions options) : x_options(std::move(options)) {}

  Replay replay() const override { return Replay::snapshot; }
  bool grows() const override { return false; }
  bool asks_engine() const override { return true; }
  std::optional<data::Schema> declared() const override { return std::nullopt; }
  std::vector<std::filesystem::path> would_read(
      const BuildContext& context, const std::vector<std::filesystem::path>& files) const override {
    const auto own = io::real_path(context.root / x_options.path);
    const bool is_among = std::find(files.begin(), files.end(), own) != files.end();
    return is_among ? std::vector{own} : std::vector<std::filesystem::path>();
  }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.session != nullptr && context.files != nullptr);
    return open_table_source(*context.session, *context.files,
                             {io::real_path(context.root / x_options.path), x_options.path,
                              x_options.schema, x_options.table, x_options.query.text});
  }

 private:
  SourceOptions x_options;
};

std::unique_ptr<SourceSpec> parse_source(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(source_options(), node, findings);
  if (!read) return nullptr;
  if (read->table.empty() == read->query.empty()) {
    findings.add(node,
                 read->table.empty() ? "`table` or `query` is missing"
                                     : "`table` and `query` exclude each other",
                 "duckdb: {path: data.duckdb, table: orders}");
    return nullptr;
  }
  return std::make_unique<TableSourceSpec>(*read);
}

class TableSinkSpec final : public SinkSpec {
 public:
  explicit TableSinkSpec(Options options) : x_options(std::move(options)) {}

  bool supports(Strategy) const override { return true; }

  std::string target_key(const BuildContext& context) const override {
    return "duckdb:" + target_file(context)->string() + ":" +
           to_lower(x_options.schema + "." + x_options.table);
  }

  std::optional<std::filesystem::path> target_file(const BuildContext& context) const override {
    return io::real_path(context.root / x_options.path);
  }

  Status accepts(const data::Schema& schema) const override {
    for (const data::Column& column : schema.columns) {
      auto type = data::parquet_travel_type(column.type);
      if (!type.ok()) return std::move(type).error().during("in column " + column.name);
      if (column.type.sql_name.find("VARIANT") == std::string::npos) continue;
      return Error(Fault::config, "a DuckDB file cannot hold a VARIANT that every version reads")
          .hint("cast the column to VARCHAR or JSON in the model")
          .during("in column " + column.name);
    }
    return {};
  }

  Result<std::unique_ptr<Sink>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.session != nullptr && context.files != nullptr);
    TableTarget target;
    target.file = io::real_path(context.root / x_options.path);
    target.shown = x_options.path;
    target.table = {x_options.schema, x_options.table};
    target.overwrite = x_options.overwrite;
    target.scratch = context.scratch;
    return open_table_sink(*context.session, *context.files, std::move(target));
  }

 private:
  Options x_options;
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  for (const char* ledger : {sql_target::kCommits, sql_target::kHeads}) {
    if (to_lower(read->table) != ledger) continue;
    findings.add(*node.find("table"), "`" + read->table + "` is where the receipts are kept",
                 "name another table");
    return nullptr;
  }
  return std::make_unique<TableSinkSpec>(*read);
}

/// The file is attached for as long as the session lives, which looks at one target alone.
Result<std::string> rows_of(const config::Node& node, engine::Session& session) {
  const auto schema = option_text(node, "schema");
  TRY(session.execute("ATTACH " + quote_literal(option_text(node, "path")) + " AS " + kAttached +
                      " (READ_ONLY)"));
  return std::string(kAttached) + "." + quote_identifier(schema.empty() ? "main" : schema) + "." +
         quote_identifier(option_text(node, "table"));
}

}  // namespace

void describe(Catalog& catalog) {
  catalog.add(SourceEntry{
      .name = "duckdb",
      .summary = "Rows of a table, a view or a query of a DuckDB file.",
      .example = "duckdb: {path: data/a.duckdb, table: rows}",
      .replay = Replay::snapshot,
      .options = &source_options(),
      .parse = parse_source,
  });
  SinkEntry entry;
  entry.name = "duckdb";
  entry.summary = "Publishes a table of a DuckDB file.";
  entry.example = "duckdb: {path: warehouse.duckdb, table: rows}";
  entry.guarantee = "exactly_once";
  entry.options = &options();
  entry.parse = parse;
  entry.rehearsal = {.redirect = with_path_in, .rows = rows_of};
  catalog.add(std::move(entry));
}

}  // namespace leat::connectors::duckdb
