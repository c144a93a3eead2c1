#pragma once

#include <string>
#include <vector>

#include "clients/sqlite/database.hpp"
#include "clients/text_values/decode.hpp"
#include "core/source.hpp"
#include "data/schema.hpp"

namespace leat::connectors::sqlite {

/// One column of one batch, as SQLite stores its values, on its way into the engine's vector.
///
/// Missing  NULL is null.
/// Errors   a value of another kind than the column's type travels as a fault.
class StoredColumn {
 public:
  explicit StoredColumn(const data::Column& column);

  void clear();
  void take(sqlite3_stmt* statement, int column, text_values::Arena& arena);
  void decode(duckdb_vector vector, text_values::Arena& arena, std::vector<RowFault>& faults);
  /// Forgets the last value that was taken.
  void drop_last();
  /// A value with its kind: two that differ have other texts.
  std::string stored(std::size_t row) const;
  /// A value as JSON.
  std::string json(std::size_t row) const;
  const data::Column& described() const { return x_column; }

 private:
  struct Value {
    int kind = SQLITE_NULL;
    std::int64_t integer = 0;
    double real = 0;
  };

  bool is_direct(const Value& value) const;
  void write_direct(duckdb_vector vector) const;
  void write_blobs(duckdb_vector vector, std::vector<RowFault>& faults) const;
  void refuse_blobs(std::vector<RowFault>& faults);

  data::Column x_column;
  text_values::Decoder x_decode;
  text_values::ValueFormat x_format;
  std::vector<Value> x_values;
  std::vector<text_values::Cell> x_texts;  ///< All values as text; absent where they go directly.
  std::vector<text_values::Cell> x_jobs;   ///< What the decoder gets.
};

/// May a column have this type here?
bool is_readable(const data::Type& type);

}  // namespace leat::connectors::sqlite
