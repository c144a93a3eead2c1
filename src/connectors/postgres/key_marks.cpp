#include "connectors/postgres/key_marks.hpp"

#include <algorithm>
#include <cstdlib>

namespace leat::connectors::postgres {
namespace {

constexpr double kPercent = 2;  ///< Of the pages: far less than what counting by an index takes.
constexpr double kPagesPerMark = 10;  ///< In the sample: a mark is as good as they are many.
constexpr double kPagesMin = 10'000;

/// As its statistics have it.
struct Size {
  double rows = 0;
  double pages = 0;
};

Result<Size> size_of(leat::postgres::Connection& server, const TableName& table) {
  TRY(const auto found,
      server.query("SELECT c.reltuples, c.relpages FROM pg_catalog.pg_class AS c JOIN "
                   "pg_catalog.pg_am AS a ON a.oid = c.relam WHERE c.relkind IN ('r', 'm') AND "
                   "a.amname = 'heap' AND c.oid = CAST(" +
                   quote_literal(table.sql()) + " AS pg_catalog.regclass)"));
  if (found.empty()) return Size();
  const auto number = [&](std::size_t column) {
    return std::strtod(found[0][column].value_or("0").c_str(), nullptr);
  };
  return Size{number(0), number(1)};
}

}  // namespace

Result<KeyMarks> find_marks(leat::postgres::Connection& server, const TableRead& read,
                            const ServerColumn& key, const std::optional<std::string>& behind) {
  KeyMarks marks;
  if (read.table.table.empty()) return marks;
  TRY(const auto size, size_of(server, read.table));
  if (size.rows < 1 || size.pages < kPagesMin) return marks;
  const auto nth =
      std::max<std::uint64_t>(1, std::uint64_t(kPagesPerMark * size.rows / size.pages));
  const auto name = quote_identifier(key.name);
  std::string where = name + " IS NOT NULL";
  if (behind)
    where += " AND " + name + " > CAST(" + quote_literal(*behind) + " AS " + key.type + ")";
  if (!read.where.empty()) where += " AND (" + read.where + "\n)";
  TRY(auto found, server.query("SELECT CAST(k AS text) FROM (SELECT " + name +
                               " AS k, pg_catalog.row_number() OVER (ORDER BY " + name +
                               ") AS n FROM " + read.table.sql() + " TABLESAMPLE SYSTEM (" +
                               std::to_string(int(kPercent)) + ") WHERE " + where +
                               ") AS sample WHERE n % " + std::to_string(nth) + " = 0 ORDER BY n"));
  for (auto& row : found) marks.keys.push_back(std::move(row[0]).value_or(""));
  marks.rows_apart = std::uint64_t(double(nth) * 100 / kPercent);
  return marks;
}

}  // namespace leat::connectors::postgres
