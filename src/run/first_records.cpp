#include "run/first_records.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "core/wrapped_chunks.hpp"

namespace leat::run {
namespace {

/// Of records that are left: those that nobody has got yet.
class FirstReader final : public ChunkReader {
 public:
  FirstReader(std::unique_ptr<ChunkReader> reader, std::atomic<std::uint64_t>& read,
              std::uint64_t records_max)
      : x_reader(std::move(reader)), x_read(read), x_records_max(records_max) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    const std::uint64_t left = x_records_max - x_read;
    if (left == 0) return std::uint32_t{0};
    batch.rows_max = std::uint32_t(std::min<std::uint64_t>(batch.rows_max, left));
    TRY(const auto rows, x_reader->next(batch));
    x_read += rows;
    return rows;
  }
  std::string raw(std::uint32_t row) const override { return x_reader->raw(row); }

 private:
  std::unique_ptr<ChunkReader> x_reader;
  std::atomic<std::uint64_t>& x_read;
  std::uint64_t x_records_max;
};

class FirstRecords final : public WrappedChunks {
 public:
  FirstRecords(std::unique_ptr<ChunkSource> chunks, std::uint64_t records_max)
      : WrappedChunks(std::move(chunks)), x_records_max(records_max) {}

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override {
    TRY(auto reader, inner().make_reader(wanted));
    return std::unique_ptr<ChunkReader>(
        std::make_unique<FirstReader>(std::move(reader), x_read, x_records_max));
  }
  std::uint64_t records_claimed() const override { return x_read; }

 private:
  std::uint64_t x_records_max;
  std::atomic<std::uint64_t> x_read{0};
};

}  // namespace

std::unique_ptr<ChunkSource> first_records(std::unique_ptr<ChunkSource> chunks,
                                           std::uint64_t records_max) {
  return std::make_unique<FirstRecords>(std::move(chunks), records_max);
}

}  // namespace leat::run
