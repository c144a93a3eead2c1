#pragma once

#include <array>
#include <string>
#include <vector>

#include "connectors/csv/block.hpp"
#include "connectors/csv/cells.hpp"
#include "connectors/csv/chunk_source.hpp"
#include "clients/text_values/decode.hpp"
#include "connectors/csv/field_index.hpp"

namespace leat::connectors::csv {

/// One thread's reader of blocks.
class CsvReader final : public ChunkReader {
 public:
  CsvReader(BlockSource& source, const std::vector<bool>& wanted);

  Result<std::uint32_t> next(RowBatch& batch) override;
  std::string raw(std::uint32_t row) const override;

 private:
  struct Column {
    bool is_wanted = false;
    text_values::Decoder decode = nullptr;
    text_values::ValueFormat values;
  };

  Block& block() { return x_blocks[x_current]; }
  const Block& block() const { return x_blocks[x_current]; }
  IndexedText indexed_text() const;
  Result<bool> next_block();
  void place_rows(RowBatch& batch) const;
  /// Finds the records that are no rows; they get one fault each.
  Status judge_records(RowBatch& batch);
  /// Told at a glance; false where each record must be looked at.
  bool are_all_well() const;
  /// What is wrong with the record as a whole; empty when nothing is.
  std::string complaint_about(const Record& record) const;
  /// Of a field that is longer than they may be.
  std::string field_complaint(const Record& record) const;
  std::string ragged_complaint(const Record& record) const;
  void decode_folder(std::size_t column, RowBatch& batch);
  void decode_column(std::size_t column, RowBatch& batch);
  void deliver_skipped(RowBatch& batch);

  BlockSource& x_source;
  const ReadPlan& x_plan;
  std::vector<Column> x_columns;
  std::array<Block, 2> x_blocks;  ///< In turn, so that a block outlives the next claim.
  std::size_t x_current = 0;
  std::size_t x_lane = 0;
  bool x_has_block = false;
  FieldIndex x_index;
  std::uint32_t x_records_before = 0;  ///< Records of the block in earlier batches.
  std::uint64_t x_batch_first = 0;     ///< Number of the batch's first record.
  std::vector<Cell> x_cells;
  std::vector<char> x_is_broken;  ///< A row each; empty: no row is.
};

}  // namespace leat::connectors::csv
