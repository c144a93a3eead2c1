#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clients/text_values/arena.hpp"
#include "clients/text_values/decode.hpp"
#include "connectors/files/json_walk.hpp"
#include "core/source.hpp"

namespace leat::connectors::files {

/// The values of one batch on their way from JSON texts to the columns of a source.
///
/// Calls     `resize`; of each row `blank` and any number of `set`; `decode` at the end.
/// Missing   null, and what was never set, are null.
/// Shape     a number or a boolean in a varchar column is its own text, a nested value its JSON.
///           A json column keeps every value as it stands.
class JsonCells {
 public:
  JsonCells(const data::Schema& schema, const std::vector<bool>& wanted);

  void resize(std::uint32_t rows);
  /// Every column of the row is null.
  void blank(std::uint32_t row);
  /// `arena` holds the texts whose escapes were undone, and the value's text outlives the batch.
  void set(std::uint32_t row, std::size_t column, const JsonValue& value, text_values::Arena& arena,
           std::vector<RowFault>& faults);
  /// The value for many rows of a column: its escapes are undone once.
  JsonValue settled(std::size_t column, const JsonValue& value, text_values::Arena& arena) const;
  /// A text of our own, which outlives the batch.
  void set_plain(std::uint32_t row, std::size_t column, std::string_view text);
  /// Writes `rows` rows into the vectors of the batch, and puts its faults into their order.
  void decode(std::uint32_t rows, RowBatch& batch, text_values::Arena& arena);

 private:
  struct Column {
    text_values::Decoder decode = nullptr;
    std::vector<text_values::Cell> cells;  ///< A row each.
    bool is_wanted = false;
    bool keeps_json = false;
    bool keeps_empty = false;  ///< "" is a value.
  };

  const data::Schema& x_schema;
  std::vector<Column> x_columns;
  text_values::ValueFormat x_format;
};

}  // namespace leat::connectors::files
