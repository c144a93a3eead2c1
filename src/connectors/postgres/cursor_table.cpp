#include "connectors/postgres/cursor_table.hpp"

#include "connectors/postgres/held_tables.hpp"
#include "connectors/postgres/row_reader.hpp"

namespace leat::connectors::postgres {
namespace {

using cursor::Range;
using cursor::Value;

class CursorTable final : public cursor::Table {
 public:
  CursorTable(const TableRead& read, const Cursor& cursor, Snapshot snapshot, ServerColumn column,
              std::vector<ReadColumn> columns)
      : x_read(read),
        x_cursor(cursor),
        x_snapshot(std::move(snapshot)),
        x_column(std::move(column)),
        x_columns(std::move(columns)) {}

  Result<bool> has_nulls() override {
    TRY(const auto found,
        query("SELECT 1 FROM " + from() + " WHERE " + name() + " IS NULL LIMIT 1"));
    return !found.empty();
  }

  Result<std::optional<Value>> greatest(const Range& range) override {
    return one_value(range, "DESC LIMIT 1");
  }

  Result<std::optional<Value>> value_of_row(const Range& range, std::uint64_t row) override {
    return one_value(range, "LIMIT 1 OFFSET " + std::to_string(row - 1));
  }

  Result<std::uint64_t> count(const Range& range, std::uint64_t rows_max) override {
    TRY(const auto found,
        query("SELECT pg_catalog.count(*) FROM (SELECT 1 FROM " + from() + " WHERE " +
              within(range) + " LIMIT " + std::to_string(rows_max) + ") AS rows"));
    return std::stoull(found[0][0].value_or("0"));
  }

  Result<Value> below(const Value& value) override {
    const auto by = x_cursor.lookback ? "CAST('" + std::to_string(x_cursor.lookback->count()) +
                                            " milliseconds' AS interval)"
                                      : std::to_string(x_cursor.lookback_by.value_or(0));
    TRY(const auto found, query("SELECT CAST(CAST(" + literal(value) + " - " + by + " AS " +
                                x_column.type + ") AS text)"));
    return Value{found[0][0].value_or(""), ""};
  }

  Result<std::unique_ptr<ChunkSource>> rows(const Range& range, cursor::KeepRow keep,
                                            const ReadContext& context) override {
    auto server = x_snapshot.join(x_read, x_columns);
    if (!server.ok()) return explain(x_read, std::move(server).error());
    if (!*server) return rewritten_meanwhile(x_read);
    auto task = task_of(x_read, x_columns, context);
    task.servers.push_back(std::move(**server));
    task.pieces.push_back("SELECT * FROM " + from() + " WHERE " + within(range));
    task.keep = std::move(keep);
    return std::unique_ptr<ChunkSource>(std::make_unique<Rows>(std::move(task)));
  }

 private:
  std::string name() const { return quote_identifier(x_column.name); }
  std::string from() const { return "(" + base_select(x_read) + "\n) AS base"; }
  std::string literal(const Value& value) const {
    return "CAST(" + quote_literal(value.text) + " AS " + x_column.type + ")";
  }

  std::string within(const Range& range) const {
    std::string sql = name() + " IS NOT NULL";
    if (range.from) {
      sql += " AND " + name() + (range.with_from ? " >= " : " > ") + literal(*range.from);
    }
    if (range.to) sql += " AND " + name() + (range.with_to ? " <= " : " < ") + literal(*range.to);
    return sql;
  }

  Result<std::optional<Value>> one_value(const Range& range, const std::string& which) {
    TRY(const auto found,
        query("SELECT CAST(v AS text) FROM (SELECT " + name() + " AS v FROM " + from() + " WHERE " +
              within(range) + " ORDER BY 1 " + which + ") AS one"));
    if (found.empty()) return std::optional<Value>();
    return std::optional<Value>(Value{found[0][0].value_or(""), ""});
  }

  Result<std::vector<leat::postgres::Cells>> query(const std::string& sql) {
    auto found = x_snapshot.holder().query(sql);
    if (!found.ok()) return explain(x_read, std::move(found).error());
    return found;
  }

  const TableRead& x_read;
  const Cursor& x_cursor;
  Snapshot x_snapshot;
  ServerColumn x_column;
  std::vector<ReadColumn> x_columns;
};

class CursorTables final : public cursor::Tables {
 public:
  CursorTables(TableRead read, Cursor cursor)
      : x_read(std::move(read)), x_cursor(std::move(cursor)) {}

  Result<data::Schema> schema() override {
    if (x_columns.empty()) {
      TRY(x_columns, look_at_columns(x_read));
    }
    return schema_of(x_columns);
  }
  Input input() const override { return input_of(x_read); }
  std::string shown() const override { return described(x_read); }

  Result<std::unique_ptr<cursor::Table>> open() override {
    TRY(schema());
    auto snapshot = Snapshot::take(x_read);
    if (!snapshot.ok()) return explain(x_read, std::move(snapshot).error());
    auto column = find_server_column(snapshot->holder(), x_read, x_cursor.column, "the cursor");
    if (!column.ok()) return explain(x_read, std::move(column).error());
    return std::unique_ptr<cursor::Table>(std::make_unique<CursorTable>(
        x_read, x_cursor, std::move(snapshot).value(), std::move(column).value(), x_columns));
  }

 private:
  TableRead x_read;
  Cursor x_cursor;
  std::vector<ReadColumn> x_columns;
};

}  // namespace

std::unique_ptr<cursor::Tables> cursor_tables(TableRead read, Cursor cursor) {
  return std::make_unique<CursorTables>(std::move(read), std::move(cursor));
}

}  // namespace leat::connectors::postgres
