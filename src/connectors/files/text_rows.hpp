#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "clients/text_values/decode.hpp"
#include "connectors/files/record_format.hpp"

namespace leat::connectors::files {

/// The rows of a batch whose values come as text, on their way into the engine's vectors.
///
/// Calls     `begin`; for each row `add_row`, then what it has to say of the row; `decode`.
/// Missing   what was not set is null; an empty text too, but for varchar.
class TextRows {
 public:
  explicit TextRows(const RecordColumns& columns);

  void begin();
  void add_row(const data::RowPlace& place);
  std::uint32_t rows() const { return x_rows; }
  /// Of the last row. The text is kept.
  void set(std::size_t column, std::string_view text);
  bool is_set(std::size_t column) const;
  void fault(std::size_t column, std::string message);
  /// The row as a whole is broken.
  void refuse(std::string message);

  /// Fills the batch.
  void decode(RowBatch& batch);

 private:
  struct Column {
    text_values::Decoder decode = nullptr;
    std::vector<text_values::Cell> cells;
    bool is_wanted = false;
    bool keeps_empty = false;
  };

  const data::Schema& x_schema;
  text_values::ValueFormat x_format;
  std::vector<Column> x_columns;
  std::array<text_values::Arena, 2> x_arenas;  ///< In turn: texts outlive the next batch.
  std::size_t x_current = 0;
  std::uint32_t x_rows = 0;
  std::vector<data::RowPlace> x_places;
  std::vector<RowFault> x_faults;
};

}  // namespace leat::connectors::files
