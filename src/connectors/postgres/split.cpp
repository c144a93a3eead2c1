#include "connectors/postgres/split.hpp"

#include <algorithm>
#include <charconv>

namespace leat::connectors::postgres {
namespace {

constexpr int kScansRanges = 140000;           ///< The first version that goes straight to a range.
constexpr std::uint64_t kPiecesPerReader = 4;  ///< So that a slow one holds nobody up.

/// Blocks of the largest part of a table; 0 where its rows have no place in a file.
std::string blocks_sql(const TableName& table) {
  return "WITH RECURSIVE parts AS (SELECT CAST(" + quote_literal(table.sql()) +
         " AS pg_catalog.regclass) AS id UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i "
         "JOIN parts ON i.inhparent = parts.id) SELECT CASE WHEN pg_catalog.bool_and(c.relkind = "
         "'p' OR (c.relkind IN ('r', 'm') AND a.amname = 'heap')) THEN "
         "pg_catalog.max(pg_catalog.pg_relation_size(c.oid)) / "
         "CAST(pg_catalog.current_setting('block_size') AS bigint) ELSE 0 END FROM parts JOIN "
         "pg_catalog.pg_class AS c ON c.oid = parts.id LEFT JOIN pg_catalog.pg_am AS a ON a.oid = "
         "c.relam";
}

std::string place(std::uint64_t block) {
  return "CAST('(" + std::to_string(block) + ",0)' AS pg_catalog.tid)";
}

/// The last range has no end, so none is left out.
std::string range_select(const TableRead& read, std::uint64_t from, std::uint64_t to,
                         bool is_last) {
  auto sql = "SELECT * FROM " + read.table.sql() + " WHERE ctid >= " + place(from);
  if (!is_last) sql += " AND ctid < " + place(to);
  return sql + (read.where.empty() ? "" : " AND (" + read.where + "\n)");
}

}  // namespace

Result<std::vector<std::string>> split(leat::postgres::Connection& server, const TableRead& read,
                                       std::size_t readers) {
  std::vector<std::string> whole{base_select(read)};
  if (readers < 2 || read.table.table.empty() || server.server_version() < kScansRanges) {
    return whole;
  }
  TRY(const auto found, server.query(blocks_sql(read.table)));
  std::uint64_t blocks = 0;
  const std::string text = found.empty() ? "" : found[0][0].value_or("");
  std::from_chars(text.data(), text.data() + text.size(), blocks);
  const auto count = std::min<std::uint64_t>(blocks, readers * kPiecesPerReader);
  if (count < 2) return whole;
  std::vector<std::string> pieces;
  for (std::uint64_t i = 0; i < count; ++i) {
    pieces.push_back(
        range_select(read, blocks * i / count, blocks * (i + 1) / count, i + 1 == count));
  }
  return pieces;
}

}  // namespace leat::connectors::postgres
