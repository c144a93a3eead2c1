#pragma once

#include <array>
#include <string>
#include <vector>

#include "connectors/files/json_cells.hpp"
#include "connectors/files/json_chunks.hpp"
#include "connectors/files/json_scope.hpp"

namespace leat::connectors::files {

/// One thread's reader of the elements of an array that every record holds, a row each.
///
/// Shape     columns are keys of the element, values of the record around, the element's position,
///           or the element itself, as the plan says. A record that cannot be read is one row with
///           a fault, and none of its elements is read.
/// Missing   a record without the array, or with null in its place, has no rows.
class JsonChildReader final : public ChunkReader {
 public:
  JsonChildReader(JsonChunks& source, const std::vector<bool>& wanted);

  Result<std::uint32_t> next(RowBatch& batch) override;
  std::string raw(std::uint32_t row) const override;

 private:
  JsonBlock& block() { return x_blocks[x_current]; }
  const JsonBlock& block() const { return x_blocks[x_current]; }
  /// Claims records until there are some; false at the end.
  Result<bool> claim();
  /// Opens the elements of the next record; a record that cannot be read becomes a row.
  void open_record(std::uint32_t& rows, RowBatch& batch);
  std::string find_array(const JsonRecord& record);
  bool add_element(std::uint32_t row, RowBatch& batch);
  std::string read_element(std::string_view element, std::uint32_t row, RowBatch& batch);
  void set_around(std::uint32_t row, RowBatch& batch);

  JsonChunks& x_source;
  const JsonPlan& x_plan;
  JsonCells x_cells;
  JsonScope x_record_scope;   ///< Of the columns that are the record's, and of the array.
  JsonScope x_element_scope;  ///< Of the columns that are the element's.
  std::vector<std::size_t> x_positions;
  std::vector<std::size_t> x_elements_whole;
  std::array<JsonBlock, 2> x_blocks;  ///< In turn, so that a block outlives the next claim.
  std::size_t x_current = 0;
  bool x_is_used = false;  ///< Rows of the current block were handed out.
  std::size_t x_next_record = 0;
  // The record whose elements are read:
  data::RowPlace x_place;
  std::string_view x_counted;  ///< Of its text: up to where line ends are counted.
  std::string_view x_text;
  JsonElements x_elements;
  bool x_has_elements = false;
  std::uint64_t x_position = 0;
  std::vector<std::pair<std::size_t, JsonValue>> x_around;  ///< Its values, by column.
  std::uint64_t x_around_bytes = 0;
  std::vector<std::string_view> x_raw;  ///< By row of the batch.
};

}  // namespace leat::connectors::files
