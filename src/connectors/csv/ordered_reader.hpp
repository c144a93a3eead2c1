#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "connectors/csv/chunk_reader.hpp"

namespace leat::connectors::csv {

/// One reader over all blocks in their order, which threads of its own parse ahead.
///
/// Threads   one, as every reader; as many again as it is given parse.
/// Promise   rows come as they stand in the files, in the order of these. Each thread is one batch
///           ahead at most, so memory is that of as many readers.
class OrderedReader final : public ChunkReader {
 public:
  OrderedReader(BlockSource& source, std::vector<bool> wanted, std::size_t threads);
  ~OrderedReader() override;
  OrderedReader(const OrderedReader&) = delete;
  OrderedReader& operator=(const OrderedReader&) = delete;

  Result<std::uint32_t> next(RowBatch& batch) override;
  std::string raw(std::uint32_t row) const override;

 private:
  class Worker;

  void begin(std::uint32_t rows_max);
  /// Waits until it is known who has the next batch; null: there is none.
  Worker* next_worker(std::unique_lock<std::mutex>& held);
  Result<std::uint32_t> take(Worker& worker, RowBatch& batch) const;

  BlockSource& x_source;
  const std::vector<bool> x_wanted;
  const std::size_t x_threads;

  std::mutex x_claiming;  ///< Blocks are numbered as they are claimed.
  std::mutex x_mutex;     ///< Over what follows, and over the state of workers.
  std::condition_variable x_changed;
  std::deque<Worker*> x_owners;    ///< Of blocks from x_block on.
  std::uint64_t x_block = 0;       ///< Whose batches are handed out.
  bool x_at_end = false;           ///< No more blocks will come.
  std::optional<Error> x_failure;  ///< Why, where that is not the end of the files.
  bool x_stopped = false;

  std::vector<std::unique_ptr<Worker>> x_workers;
  Worker* x_current = nullptr;  ///< Whose batch was handed out last.
};

}  // namespace leat::connectors::csv
