#include "engine.hpp"

#include <duckdb.h>

#include <cstdio>
#include <cstdlib>

#include "base/assert.hpp"
#include "base/names.hpp"

namespace leat::bench {
namespace {

std::vector<std::vector<std::string>> rows_of(duckdb_result& result) {
  std::vector<std::vector<std::string>> rows;
  for (idx_t row = 0; row < duckdb_row_count(&result); ++row) {
    auto& line = rows.emplace_back();
    for (idx_t column = 0; column < duckdb_column_count(&result); ++column) {
      char* text = duckdb_value_varchar(&result, column, row);
      line.emplace_back(text == nullptr ? "NULL" : text);
      duckdb_free(text);
    }
  }
  return rows;
}

}  // namespace

std::vector<std::vector<std::string>> ask_engine(const std::vector<std::string>& statements) {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  LEAT_ASSERT(duckdb_open(nullptr, &database) == DuckDBSuccess);
  LEAT_ASSERT(duckdb_connect(database, &connection) == DuckDBSuccess);
  std::vector<std::vector<std::string>> rows;
  for (const auto& statement : statements) {
    duckdb_result result;
    if (duckdb_query(connection, statement.c_str(), &result) != DuckDBSuccess) {
      std::fprintf(stderr, "bench: %s\n%s\n", duckdb_result_error(&result), statement.c_str());
      std::exit(1);
    }
    rows = rows_of(result);
    duckdb_destroy_result(&result);
  }
  duckdb_disconnect(&connection);
  duckdb_close(&database);
  return rows;
}

std::uint64_t ask_number(const std::vector<std::string>& statements) {
  const auto rows = ask_engine(statements);
  LEAT_ASSERT(rows.size() == 1 && rows[0].size() == 1);
  return std::stoull(rows[0][0]);
}

std::vector<std::pair<std::string, std::string>> lineitem_types() {
  return {{"l_orderkey", "BIGINT"},        {"l_partkey", "BIGINT"},
          {"l_suppkey", "BIGINT"},         {"l_linenumber", "INTEGER"},
          {"l_quantity", "DECIMAL(15,2)"}, {"l_extendedprice", "DECIMAL(15,2)"},
          {"l_discount", "DECIMAL(15,2)"}, {"l_tax", "DECIMAL(15,2)"},
          {"l_returnflag", "VARCHAR"},     {"l_linestatus", "VARCHAR"},
          {"l_shipdate", "DATE"},          {"l_commitdate", "DATE"},
          {"l_receiptdate", "DATE"},       {"l_shipinstruct", "VARCHAR"},
          {"l_shipmode", "VARCHAR"},       {"l_comment", "VARCHAR"}};
}

std::string lineitem_columns(bool as_text) {
  std::string out;
  for (const auto& [name, type] : lineitem_types()) {
    out += (out.empty() ? "" : ", ") + quote_literal(name) + ": " +
           quote_literal(as_text ? "VARCHAR" : type);
  }
  return "{" + out + "}";
}

int print_answer(const std::string& sql) {
  const auto rows = ask_engine({"SET preserve_insertion_order = false", sql});
  for (const auto& row : rows) {
    for (const auto& value : row) std::printf("%s\t", value.c_str());
    std::printf("\n");
  }
  return 0;
}

int copy_as_reference(const std::filesystem::path& csv, const std::filesystem::path& parquet) {
  ask_engine({"SET preserve_insertion_order = false",
              "COPY (SELECT * FROM read_csv(" + quote_literal(csv.string()) +
                  ", header = true, auto_detect = false, delim = ',', quote = '\"', "
                  "escape = '\"', columns = " +
                  lineitem_columns() + ")) TO " + quote_literal(parquet.string()) +
                  " (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1)"});
  return 0;
}

}  // namespace leat::bench
