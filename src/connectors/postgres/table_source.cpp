#include "connectors/postgres/table_source.hpp"

#include <nlohmann/json.hpp>

#include "connectors/postgres/row_reader.hpp"
#include "core/inputs.hpp"

namespace leat::connectors::postgres {
namespace {

using leat::postgres::Connection;

class TableSource final : public Source {
 public:
  explicit TableSource(TableRead read) : x_read(std::move(read)) {}

  Result<data::Schema> schema() override {
    TRY(look());
    data::Schema schema;
    for (const auto& column : *x_columns)
      schema.columns.push_back({column.name, column.type, true});
    return schema;
  }

  /// A new snapshot. Where nothing at all was written in the server since, its name is the same.
  Result<std::optional<Slice>> next_slice(const Position& from, const SliceLimits&) override {
    const auto past = inputs_of(from, {});
    TRY(require_kind(past, Input::Kind::table, "a table"));
    Input now;
    now.kind = Input::Kind::table;
    now.place = x_read.shown;
    now.part = x_read.table.table.empty() ? "query: " + x_read.query : x_read.table.shown();
    TRY(now.state, take_snapshot());
    Slice slice;
    slice.after = position_of({now});
    if (inputs_between(past, {std::move(now)}).empty()) return std::optional<Slice>();
    slice.description = x_read.table.table.empty() ? "a query" : "table " + x_read.table.shown();
    return std::optional<Slice>(std::move(slice));
  }

  Result<SliceRead> read(const Slice&, const ReadContext& context) override {
    if (!x_columns) TRY(look());
    if (!x_holder) {
      TRY(const auto state, take_snapshot());
    }
    auto server = open_reader();
    if (!server.ok()) return explain(std::move(server).error());
    std::unique_ptr<ChunkSource> rows = std::make_unique<Rows>(
        std::move(server).value(), base_select(x_read), *x_columns, x_read.shown, context.cancel);
    return SliceRead(std::move(rows));
  }

 private:
  Error explain(Error error) const {
    return std::move(error).during(
        "while reading " +
        (x_read.table.table.empty() ? std::string("a query") : "table " + x_read.table.shown()) +
        " of " + x_read.shown);
  }

  /// Learns the columns, in no transaction: nobody shall wait for us who alters another table.
  Status look() {
    auto server = Connection::open(x_read.server);
    if (!server.ok()) return explain(std::move(server).error());
    auto found = find_columns(*server, x_read);
    if (!found.ok()) return explain(std::move(found).error());
    x_columns = std::move(found).value();
    return {};
  }

  /// The snapshot lives as long as the transaction that exports it. Its name says which
  /// transactions it sees: two of one name see the same rows.
  Result<std::string> take_snapshot() {
    x_holder.reset();
    auto server = Connection::open(x_read.server);
    if (!server.ok()) return explain(std::move(server).error());
    TRY(server->execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    TRY(const auto found, server->query("SELECT pg_catalog.pg_current_snapshot(), "
                                        "pg_catalog.pg_export_snapshot(), "
                                        "pg_catalog.pg_postmaster_start_time()"));
    x_snapshot = found[0][1].value_or("");
    x_holder = std::move(server).value();
    return nlohmann::json::array({found[0][0].value_or(""), found[0][2].value_or("")}).dump();
  }

  /// One more connection that sees the snapshot.
  Result<Connection> open_reader() {
    TRY(auto server, Connection::open(x_read.server));
    TRY(server.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    TRY(server.execute("SET TRANSACTION SNAPSHOT " + quote_literal(x_snapshot)));
    TRY(const auto now, find_columns(server, x_read));
    if (now == *x_columns) return server;
    return Error(Fault::external, "its columns have changed since it was looked at")
        .hint("run again");
  }

  TableRead x_read;
  std::optional<std::vector<ReadColumn>> x_columns;
  std::optional<Connection> x_holder;
  std::string x_snapshot;
};

}  // namespace

std::unique_ptr<Source> open_table_source(TableRead read) {
  return std::make_unique<TableSource>(std::move(read));
}

}  // namespace leat::connectors::postgres
