#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "clients/text_values/decode.hpp"
#include "connectors/files/json_chunks.hpp"
#include "connectors/files/json_walk.hpp"

namespace leat::connectors::files {

/// One thread's reader of a slice's JSON files.
///
/// Missing   null, and a key that is not there, are null.
/// Shape     a number or a boolean in a varchar column is its own text, a nested value its JSON.
///           A json column keeps every value as it stands.
class JsonReader final : public ChunkReader {
 public:
  JsonReader(JsonChunks& source, const std::vector<bool>& wanted);

  Result<std::uint32_t> next(RowBatch& batch) override;
  std::string raw(std::uint32_t row) const override;

 private:
  struct Column {
    text_values::Decoder decode = nullptr;
    std::vector<text_values::Cell> cells;  ///< A row each.
    std::uint64_t last_row = 0;            ///< One more than the row that named it last.
    bool is_wanted = false;
    bool keeps_json = false;
    bool keeps_empty = false;  ///< "" is a value.
  };

  JsonBlock& block() { return x_blocks[x_current]; }
  const JsonBlock& block() const { return x_blocks[x_current]; }
  std::string_view text_of(const JsonRecord& record) const;
  /// What is wrong with the record; empty when nothing is, and then its cells are filled.
  std::string read_record(const JsonRecord& record, std::uint32_t row, RowBatch& batch);
  std::string take(const JsonMember& member, std::uint32_t row, RowBatch& batch);
  text_values::Cell cell_of(const Column& column, const JsonValue& value);
  void blank(std::uint32_t row);
  void decode(RowBatch& batch);

  JsonChunks& x_source;
  const JsonPlan& x_plan;
  std::vector<Column> x_columns;
  std::unordered_map<std::string, std::size_t> x_by_key;
  text_values::ValueFormat x_format;
  std::array<JsonBlock, 2> x_blocks;  ///< In turn, so that a block outlives the next claim.
  std::size_t x_current = 0;
  std::size_t x_next_record = 0;
  std::size_t x_first = 0;  ///< The batch's first record in its block.
  std::uint64_t x_rows_seen = 0;
  std::size_t x_known_keys = 0;  ///< Of the record that is read: keys that are columns.
  std::string x_key;             ///< A key whose escapes were undone.
};

}  // namespace leat::connectors::files
