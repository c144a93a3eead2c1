#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/chunk_view.hpp"
#include "data/schema.hpp"
#include <duckdb.h>

namespace leat::test {

/// An engine of its own in memory, for tests that hold our code against it.
class Engine {
 public:
  Engine() {
    if (duckdb_open(nullptr, &x_database) != DuckDBSuccess ||
        duckdb_connect(x_database, &x_connection) != DuckDBSuccess) {
      throw std::runtime_error("the engine does not open");
    }
  }
  ~Engine() {
    duckdb_disconnect(&x_connection);
    duckdb_close(&x_database);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  using Visit = std::function<void(const std::vector<data::ColumnView>&, std::uint32_t rows)>;

  /// Runs it and shows each chunk of its result; the schema of the result.
  data::Schema query(const std::string& sql, const Visit& visit = nullptr) {
    duckdb_result result;
    if (duckdb_query(x_connection, sql.c_str(), &result) != DuckDBSuccess) {
      std::string problem = duckdb_result_error(&result);
      duckdb_destroy_result(&result);
      throw std::runtime_error(problem + "\n" + sql);
    }
    const auto schema = schema_of(result);
    while (auto chunk = duckdb_fetch_chunk(result)) {
      std::vector<data::ColumnView> views;
      for (std::size_t i = 0; i < schema.size(); ++i) {
        auto vector = duckdb_data_chunk_get_vector(chunk, i);
        views.push_back(data::view_column(vector, schema.columns[i].type));
      }
      if (visit) visit(views, std::uint32_t(duckdb_data_chunk_get_size(chunk)));
      duckdb_destroy_data_chunk(&chunk);
    }
    duckdb_destroy_result(&result);
    return schema;
  }

  /// The texts of a result, row by row; "NULL" for a null. Cast every column to varchar.
  std::vector<std::vector<std::string>> texts(const std::string& sql) {
    std::vector<std::vector<std::string>> out;
    query(sql, [&](const auto& columns, std::uint32_t rows) {
      for (std::uint32_t row = 0; row < rows; ++row) {
        auto& line = out.emplace_back();
        for (const auto& column : columns) {
          line.emplace_back(column.is_valid(row) ? column.text(row) : "NULL");
        }
      }
    });
    return out;
  }

 private:
  static data::Schema schema_of(duckdb_result& result) {
    data::Schema schema;
    for (idx_t i = 0; i < duckdb_column_count(&result); ++i) {
      auto type = duckdb_column_logical_type(&result, i);
      schema.columns.push_back({duckdb_column_name(&result, i), data::type_from_engine(type)});
      duckdb_destroy_logical_type(&type);
    }
    return schema;
  }

  duckdb_database x_database = nullptr;
  duckdb_connection x_connection = nullptr;
};

}  // namespace leat::test
