#include "connectors/sqlite/describe.hpp"

#include "base/names.hpp"
#include "clients/cursor/cursor_source.hpp"
#include "clients/sql_target/ledger.hpp"
#include "config/options.hpp"
#include "config/sql_text.hpp"
#include "connectors/sqlite/cursor_table.hpp"
#include "connectors/sqlite/row_reader.hpp"
#include "connectors/sqlite/table_sink.hpp"
#include "connectors/sqlite/table_source.hpp"
#include "core/addresses.hpp"
#include "core/catalog.hpp"

namespace leat::connectors::sqlite {
namespace {

using Text = config::Located<std::string>;

constexpr const char* kPathSummary = "The database file, relative to the project's root.";
constexpr const char* kWaitSummary = "How long to wait while somebody else writes to the file.";

struct SinkOptions {
  std::string path;
  std::string table;
  bool overwrite = false;
  config::Duration wait{std::chrono::seconds(10)};
};

struct SourceOptions {
  std::string path;
  std::string table;
  config::SqlText query;
  std::vector<std::pair<Text, Text>> columns;
  config::Duration wait{std::chrono::seconds(10)};
};

const config::OptionTable<SinkOptions>& sink_options() {
  using config::option;
  static const auto table = config::option_table<SinkOptions>({
      within(PathReach::machine,
             option("path", &SinkOptions::path, kPathSummary).required().length(1, 0)),
      option("table", &SinkOptions::table, "The table.").required().length(1, 0),
      option("overwrite", &SinkOptions::overwrite,
             "Replace a table that is there already and was not made by Leat."),
      option("wait", &SinkOptions::wait, kWaitSummary),
  });
  return table;
}

const config::OptionTable<SourceOptions>& source_options() {
  using config::option;
  static const auto table = config::option_table<SourceOptions>({
      within(PathReach::machine,
             option("path", &SourceOptions::path, kPathSummary).required().length(1, 0)),
      option("table", &SourceOptions::table, "A table or view, with all its columns."),
      option("query", &SourceOptions::query, "One SELECT in SQLite's SQL, instead of `table`.")
          .example("\"SELECT id, name FROM customers WHERE active\""),
      option("columns", &SourceOptions::columns,
             "Types of columns that are not what the table declares.")
          .example("{opened: timestamp, code: varchar}"),
      option("wait", &SourceOptions::wait, kWaitSummary),
  });
  return table;
}

class TableSinkSpec final : public SinkSpec {
 public:
  explicit TableSinkSpec(SinkOptions options) : x_options(std::move(options)) {}

  bool supports(Strategy) const override { return true; }
  std::string target_key(const BuildContext& context) const override {
    return "sqlite:" + io::real_path(context.root / x_options.path).string() + ":" +
           to_lower(x_options.table);
  }
  Status accepts(const data::Schema&) const override { return {}; }
  Result<std::unique_ptr<Sink>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.files != nullptr);
    TableTarget target;
    target.file = io::real_path(context.root / x_options.path);
    target.shown = x_options.path;
    target.table = x_options.table;
    target.overwrite = x_options.overwrite;
    target.wait = x_options.wait.length;
    target.scratch = context.scratch;
    return open_table_sink(*context.files, std::move(target));
  }

 private:
  SinkOptions x_options;
};

class TableSourceSpec final : public SourceSpec {
 public:
  explicit TableSourceSpec(TableRead read, std::optional<Cursor> cursor = std::nullopt)
      : x_read(std::move(read)), x_cursor(std::move(cursor)) {}

  Replay replay() const override { return Replay::snapshot; }
  bool grows() const override { return x_cursor.has_value(); }
  std::optional<data::Schema> declared() const override { return std::nullopt; }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.files != nullptr);
    TableRead read = x_read;
    read.file = io::real_path(context.root / read.shown);
    if (!x_cursor) return open_table_source(*context.files, std::move(read));
    return cursor::open_source(cursor_tables(*context.files, std::move(read), *x_cursor),
                               *x_cursor);
  }
  std::unique_ptr<SourceSpec> with_cursor(const Cursor& cursor) const override {
    return std::make_unique<TableSourceSpec>(x_read, cursor);
  }

 private:
  TableRead x_read;
  std::optional<Cursor> x_cursor;
};

std::unique_ptr<SinkSpec> parse_sink(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(sink_options(), node, findings);
  if (!read) return nullptr;
  const std::string lower = to_lower(read->table);
  for (const char* ledger : {sql_target::kCommits, sql_target::kHeads}) {
    if (lower != ledger) continue;
    findings.add(*node.find("table"), "`" + read->table + "` is where the receipts are kept",
                 "name another table");
    return nullptr;
  }
  if (lower.starts_with("sqlite_")) {
    findings.add(*node.find("table"),
                 "`" + read->table + "` is a name that SQLite keeps for itself",
                 "name another table");
    return nullptr;
  }
  return std::make_unique<TableSinkSpec>(*read);
}

void read_types(const SourceOptions& options, TableRead& read, config::Findings& findings) {
  for (const auto& [name, type] : options.columns) {
    auto parsed = data::parse_type(type.text);
    if (!parsed.ok()) {
      findings.add(type.place, parsed.error().message(), parsed.error().hint_text(), type.length);
    } else if (!is_readable(*parsed)) {
      findings.add(type.place,
                   "a column of type " + data::sql_of(*parsed) + " is not read from SQLite",
                   "read it as varchar or json and convert it in a model", type.length);
    } else {
      read.types.emplace_back(name.text, std::move(parsed).value());
    }
  }
}

std::unique_ptr<SourceSpec> parse_source(const config::Node& node, config::Findings& findings) {
  const auto options = config::read_options(source_options(), node, findings);
  if (!options) return nullptr;
  const std::size_t before = findings.size();
  if (options->table.empty() == options->query.empty()) {
    findings.add(node,
                 options->table.empty() ? "`table` or `query` is missing"
                                        : "`table` and `query` exclude each other",
                 "sqlite: {path: data.db, table: orders}");
  }
  TableRead read;
  read.shown = options->path;
  read.table = options->table;
  read.query = options->query.text_for(config::Dialect::sqlite);
  read.wait = options->wait.length;
  read_types(*options, read, findings);
  if (findings.size() != before) return nullptr;
  return std::make_unique<TableSourceSpec>(std::move(read));
}

}  // namespace

void describe(Catalog& catalog) {
  catalog.add(SourceEntry{
      .name = "sqlite",
      .summary = "Rows of a table or a query of a SQLite file.",
      .example = "sqlite: {path: data/a.db, table: rows}",
      .replay = Replay::snapshot,
      .options = &source_options(),
      .parse = parse_source,
  });
  SinkEntry sink;
  sink.name = "sqlite";
  sink.summary =
      "Publishes a table of a SQLite file; rows that its own rules refuse go to quarantine.";
  sink.example = "sqlite: {path: warehouse.db, table: rows}";
  sink.guarantee = "exactly_once";
  sink.options = &sink_options();
  sink.parse = parse_sink;
  sink.rehearsal = {.redirect = with_path_in, .source = "sqlite"};
  catalog.add(std::move(sink));
}

}  // namespace leat::connectors::sqlite
