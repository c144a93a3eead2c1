#include "connectors/sqlite/cursor_table.hpp"

#include <algorithm>
#include <charconv>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "connectors/sqlite/table_opener.hpp"

namespace leat::connectors::sqlite {
namespace {

using cursor::Range;
using cursor::Value;

constexpr std::size_t kDateSize = 10;

template <typename Number>
bool is_number(const std::string& text) {
  Number number{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc() && end == text.data() + text.size();
}

/// A value as SQL, by the kind that SQLite told: a literal, which has no affinity that would change
/// what it is compared with.
std::string literal_of(const Value& value) {
  if (value.kind == "integer" && is_number<std::int64_t>(value.text)) return value.text;
  if (value.kind == "real" && is_number<double>(value.text)) return value.text;
  return quote_literal(value.text);
}

/// "2026-01-31 06:00:00.25" and the like, with the sign between date and time as it is there.
/// Below the second nothing is told: a text that begins so sorts below those that go on.
std::optional<std::string> earlier(const std::string& text, std::chrono::milliseconds by) {
  const auto day = parse_date(std::string_view(text).substr(0, kDateSize));
  if (!day.ok()) return std::nullopt;
  if (text.size() == kDateSize) {
    const auto whole = std::chrono::floor<std::chrono::days>(Instant(*day) - by);
    return format_instant(Instant(whole)).substr(0, kDateSize);
  }
  auto written = text.substr(0, kDateSize) + "T" + text.substr(kDateSize + 1, 8) + "Z";
  const auto at = parse_instant(written);
  if (!at.ok()) return std::nullopt;
  auto out = format_instant(std::chrono::floor<std::chrono::seconds>(*at - by)).substr(0, 19);
  out[kDateSize] = text[kDateSize];
  return out;
}

class CursorTable final : public cursor::Table {
 public:
  CursorTable(TableOpener& table, leat::sqlite::Database database, const Cursor& cursor,
              const data::Schema& schema)
      : x_table(table), x_database(std::move(database)), x_cursor(cursor), x_schema(schema) {}

  Result<bool> has_nulls() override {
    TRY(const auto found,
        query("SELECT 1 FROM " + x_table.from_sql() + " WHERE " + column() + " IS NULL LIMIT 1"));
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
        query("SELECT count(*) FROM (SELECT 1 FROM " + x_table.from_sql() + " WHERE " +
              within(range) + " LIMIT " + std::to_string(rows_max) + ")"));
    return std::stoull(found[0][0]);
  }

  Result<Value> below(const Value& value) override {
    if (x_cursor.lookback) {
      const auto text = earlier(value.text, *x_cursor.lookback);
      if (value.kind == "text" && text) return Value{*text, "text"};
    } else if (value.kind == "integer" || value.kind == "real") {
      TRY(const auto found, query("SELECT " + literal_of(value) + " - " +
                                  std::to_string(x_cursor.lookback_by.value_or(0))));
      return Value{found[0][0], value.kind};
    }
    return Error(Fault::config, "`lookback` cannot count back from the " + value.kind + " `" +
                                    value.text + "` in `" + x_cursor.column + "`")
        .hint(
            "a time such as `1h` goes with texts such as 2026-01-31 06:00:00, a number with "
            "numbers");
  }

  Result<std::unique_ptr<ChunkSource>> rows(const Range& range, cursor::KeepRow keep,
                                            const ReadContext& context) override {
    TRY(auto opened, x_table.open(within(range)));
    return step_rows(std::move(opened), x_schema, x_table.read().shown, context.cancel,
                     std::move(keep));
  }

 private:
  std::string column() const { return quote_identifier(x_cursor.column); }

  std::string within(const Range& range) const {
    std::string sql = column() + " IS NOT NULL";
    if (range.from)
      sql += " AND " + column() + (range.with_from ? " >= " : " > ") + literal_of(*range.from);
    if (range.to)
      sql += " AND " + column() + (range.with_to ? " <= " : " < ") + literal_of(*range.to);
    return sql;
  }

  Result<std::optional<Value>> one_value(const Range& range, const std::string& which) {
    TRY(const auto found, query("SELECT CASE typeof(v) WHEN 'real' THEN printf('%!.17g', v) ELSE v "
                                "END, typeof(v) FROM (SELECT " +
                                column() + " AS v FROM " + x_table.from_sql() + " WHERE " +
                                within(range) + " ORDER BY 1 " + which + ")"));
    if (found.empty()) return std::optional<Value>();
    return std::optional<Value>(Value{found[0][0], found[0][1]});
  }

  Result<std::vector<leat::sqlite::Cells>> query(const std::string& sql) const {
    auto found = leat::sqlite::query(x_database.get(), sql);
    if (!found.ok()) return x_table.explain(std::move(found).error());
    return found;
  }

  TableOpener& x_table;
  leat::sqlite::Database x_database;
  const Cursor& x_cursor;
  data::Schema x_schema;
};

class CursorTables final : public cursor::Tables {
 public:
  CursorTables(io::FileSystem& files, TableRead read, Cursor cursor)
      : x_table(files, std::move(read)), x_cursor(std::move(cursor)) {}

  Result<data::Schema> schema() override { return x_table.schema(); }
  Input input() const override { return input_of(x_table.read()); }
  std::string shown() const override { return x_table.described(); }
  Result<std::unique_ptr<cursor::Table>> open() override {
    TRY(const auto columns, x_table.schema());
    TRY(x_table.require_file());
    auto database = x_table.open_snapshot();
    if (!database.ok()) return x_table.explain(std::move(database).error());
    return std::unique_ptr<cursor::Table>(
        std::make_unique<CursorTable>(x_table, std::move(database).value(), x_cursor, columns));
  }

 private:
  TableOpener x_table;
  Cursor x_cursor;
};

}  // namespace

std::unique_ptr<cursor::Tables> cursor_tables(io::FileSystem& files, TableRead read,
                                              Cursor cursor) {
  return std::make_unique<CursorTables>(files, std::move(read), std::move(cursor));
}

}  // namespace leat::connectors::sqlite
