#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/schema.hpp"
#include "engine/internals/engine_internals.h"

namespace leat::engine {

class Session;

/// A dataset's name, column names and column types in the engine's own form.
class EngineTable {
 public:
  static Result<EngineTable> make(duckdb_connection connection, std::string name,
                                  const data::Schema& schema);
  static Result<EngineTable> make(Session& session, std::string name, const data::Schema& schema);
  ~EngineTable();
  EngineTable(EngineTable&& other) noexcept = default;
  EngineTable& operator=(EngineTable&&) = delete;

  /// Lives as long as this does.
  leat_table view() const;
  const std::vector<duckdb_logical_type>& types() const { return x_types; }
  const std::vector<const char*>& names() const { return x_name_pointers; }

 private:
  EngineTable() = default;

  std::string x_name;
  std::vector<std::string> x_names;
  std::vector<const char*> x_name_pointers;
  std::vector<duckdb_logical_type> x_types;
};

/// What a type of the engine is called.
Result<data::Type> type_of(duckdb_logical_type type);

/// Adds a column as leat_column_fn hands it over; `self` is a data::Schema.
void append_column(void* self, const char* name, duckdb_logical_type type, const char* type_sql);

}  // namespace leat::engine
