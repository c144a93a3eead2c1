#pragma once

#include <array>
#include <string>
#include <vector>

#include "connectors/files/json_cells.hpp"
#include "connectors/files/json_chunks.hpp"
#include "connectors/files/json_scope.hpp"

namespace leat::connectors::files {

/// One thread's reader of a slice's JSON files.
///
/// Missing   null, and a key that is not there, are null.
class JsonReader final : public ChunkReader {
 public:
  JsonReader(JsonChunks& source, const std::vector<bool>& wanted);

  Result<std::uint32_t> next(RowBatch& batch) override;
  std::string raw(std::uint32_t row) const override;

 private:
  JsonBlock& block() { return x_blocks[x_current]; }
  const JsonBlock& block() const { return x_blocks[x_current]; }
  std::string_view text_of(const JsonRecord& record) const;
  /// What is wrong with the record; empty when nothing is, and then its cells are filled.
  std::string read_record(const JsonRecord& record, std::uint32_t row, RowBatch& batch);

  JsonChunks& x_source;
  const JsonPlan& x_plan;
  JsonCells x_cells;
  JsonScope x_scope;
  std::array<JsonBlock, 2> x_blocks;  ///< In turn, so that a block outlives the next claim.
  std::size_t x_current = 0;
  std::size_t x_next_record = 0;
  std::size_t x_first = 0;  ///< The batch's first record in its block.
};

}  // namespace leat::connectors::files
