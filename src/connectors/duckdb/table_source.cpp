#include "connectors/duckdb/table_source.hpp"

#include <algorithm>
#include <optional>

#include "base/names.hpp"
#include "clients/file_list/database_state.hpp"
#include "connectors/duckdb/attachment.hpp"
#include "core/inputs.hpp"
#include "engine/sql.hpp"

namespace leat::connectors::duckdb {
namespace {

constexpr const char* kLogSuffix = ".wal";

class TableSource final : public Source {
 public:
  TableSource(engine::Session& session, io::FileSystem& files, TableRead read)
      : x_session(session), x_files(files), x_read(std::move(read)) {}

  Result<data::Schema> schema() override {
    TRY(const auto scan, scan_of());
    return x_session.describe("SELECT * FROM " + scan.from_sql);
  }

  Result<std::optional<Slice>> next_slice(const Position& from, const SliceLimits&) override {
    const auto past = inputs_of(from, {});
    TRY(require_kind(past, Input::Kind::table, "a table"));
    Input now;
    now.kind = Input::Kind::table;
    now.place = x_read.file.string();
    now.part = x_read.table.empty() ? "query: " + x_read.query
                                    : to_lower(x_read.schema + "." + x_read.table);
    TRY(now.state, state());
    Slice slice;
    slice.after = position_of({now});
    slice.spec = now.state;
    if (inputs_between(past, {std::move(now)}).empty()) return std::optional<Slice>();
    slice.description = x_read.table.empty() ? "a query" : "table " + x_read.table;
    return std::optional<Slice>(std::move(slice));
  }

  Result<SliceRead> read(const Slice& slice, const ReadContext&) override {
    TRY(auto scan, scan_of());
    // From here on the file is locked: nobody writes to it.
    TRY(const auto now, state());
    if (now == slice.spec) return SliceRead(std::move(scan));
    return Error(Fault::external, x_read.shown + " has changed since it was looked at")
        .hint("run again");
  }

 private:
  Result<std::string> state() const {
    if (x_files.exists(x_read.file)) {
      return file_list::database_state(x_files, x_read.file, kLogSuffix);
    }
    return Error(Fault::config, x_read.shown + " is not there").hint("name a DuckDB file");
  }

  struct Relation {
    std::string schema;
    std::string name;
    bool has_rowid = false;  ///< A table, not a view.

    std::string sql(const std::string& database) const {
      return quote_identifier(database) + "." + quote_identifier(schema) + "." +
             quote_identifier(name);
    }
  };

  Result<std::vector<Relation>> relations(const std::string& database) const {
    const auto of_database = " WHERE NOT internal AND database_name = " + quote_literal(database);
    TRY(const auto found,
        x_session.query("SELECT schema_name, table_name, true FROM duckdb_tables()" + of_database +
                        " UNION ALL SELECT schema_name, view_name, false FROM duckdb_views()" +
                        of_database + " ORDER BY ALL"));
    std::vector<Relation> relations;
    for (const auto& row : found.rows) {
      relations.push_back({row[0].value_or(""), row[1].value_or(""), row[2] == "true"});
    }
    return relations;
  }

  Result<EngineScan> scan_of() const {
    TRY(const auto database, attach_to_read(x_session, x_files, x_read.file));
    TRY(const auto all, relations(database));
    if (x_read.table.empty()) return scan_of_query(database, all);
    const auto found = std::find_if(all.begin(), all.end(), [&](const Relation& relation) {
      return is_same_name(relation.schema, x_read.schema) &&
             is_same_name(relation.name, x_read.table);
    });
    if (found == all.end()) return no_such_table(all);
    return EngineScan{found->sql(database), quote_literal(x_read.shown),
                      found->has_rowid ? "rowid + 1" : ""};
  }

  /// The tables of the schema are put before it under their names.
  Result<EngineScan> scan_of_query(const std::string& database,
                                   const std::vector<Relation>& all) const {
    const auto parsed = engine::parse_select(x_read.query);
    if (!parsed.complaints.empty()) {
      return Error(Fault::config, parsed.complaints.front().message)
          .hint("`query` must be one SELECT over tables of the file");
    }
    std::string with;
    for (const auto& relation : all) {
      if (!is_same_name(relation.schema, x_read.schema)) continue;
      with += (with.empty() ? "WITH " : ", ") + quote_identifier(relation.name) +
              " AS NOT MATERIALIZED (FROM " + relation.sql(database) + ")";
    }
    return EngineScan{"(" + with + " SELECT * FROM (" + x_read.query + "\n))",
                      quote_literal(x_read.shown), ""};
  }

  Error no_such_table(const std::vector<Relation>& all) const {
    std::vector<std::string> known;
    for (const auto& relation : all) {
      if (is_same_name(relation.schema, x_read.schema)) known.push_back(relation.name);
    }
    const auto place = x_read.schema == "main" ? "" : " in the schema `" + x_read.schema + "`";
    return Error(Fault::config, x_read.shown + " has no table `" + x_read.table + "`" + place)
        .hint(known.empty() ? "there is no table in it" : name_hint(x_read.table, known));
  }

  engine::Session& x_session;
  io::FileSystem& x_files;
  TableRead x_read;
};

}  // namespace

std::unique_ptr<Source> open_table_source(engine::Session& session, io::FileSystem& files,
                                          TableRead read) {
  return std::make_unique<TableSource>(session, files, std::move(read));
}

}  // namespace leat::connectors::duckdb
