#pragma once

#include <string>
#include <vector>

#include "connectors/files/arrow_chunks.hpp"

namespace leat::connectors::files {

/// One thread's hand on Arrow files: whole record batches, a chunk at a time.
///
/// Errors   a text that is no UTF-8, a time that does not fit travel as faults. A batch whose
///          offsets are wrong stops the run: nothing in it can be believed.
class ArrowReader final : public ChunkReader {
 public:
  ArrowReader(ArrowChunks& source, const std::vector<bool>& wanted);

  Result<std::uint32_t> next(RowBatch& batch) override;
  std::string raw(std::uint32_t row) const override;

 private:
  /// A record batch in memory.
  struct Loaded {
    ArrowBatch claimed;
    arrow_ipc::PlainBatch batch;
  };
  Loaded& loaded() { return x_loaded[x_current]; }
  Result<bool> load();
  Status fill(std::size_t column, std::uint32_t rows, RowBatch& batch);

  ArrowChunks& x_source;
  std::vector<bool> x_wanted;
  Loaded x_loaded[2];  ///< Texts point into a batch until the next-but-one call.
  std::size_t x_current = 0;
  std::uint64_t x_next_row = 0;
  std::vector<duckdb_vector> x_vectors;  ///< Of the last batch.
};

}  // namespace leat::connectors::files
