#include "connectors/csv/ordered_reader.hpp"

#include <algorithm>
#include <utility>

namespace leat::connectors::csv {

/// One thread with its reader, which sees the files through it.
class OrderedReader::Worker final : private BlockSource {
 public:
  explicit Worker(OrderedReader& order) : x_order(order), x_reader(*this, order.x_wanted) {
    std::vector<duckdb_logical_type> types;
    const auto& columns = plan().schema.columns;
    x_at.assign(columns.size(), nullptr);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (order.x_wanted[i]) types.push_back(data::type_to_engine(columns[i].type));
    }
    if (!types.empty()) x_chunk = duckdb_create_data_chunk(types.data(), types.size());
    for (auto& type : types) duckdb_destroy_logical_type(&type);
  }
  ~Worker() override { duckdb_destroy_data_chunk(&x_chunk); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start(std::uint32_t rows_max) {
    x_batch.rows_max = rows_max;
    x_thread = std::thread([this] { work(); });
  }
  void join() {
    if (x_thread.joinable()) x_thread.join();
  }

  /// Under the mutex of the order.
  bool has_batch_of(std::uint64_t block) const { return x_rows && x_block == block; }
  bool is_behind(std::uint64_t block) const { return x_is_done || x_block > block; }
  void release() { x_rows.reset(); }

  const Result<std::uint32_t>& rows() const { return *x_rows; }
  RowBatch& batch() { return x_batch; }
  duckdb_vector column(std::size_t i) const { return x_at[i]; }
  std::string raw(std::uint32_t row) const { return x_reader.raw(row); }

 private:
  const ReadPlan& plan() const override { return x_order.x_source.plan(); }
  std::string block_file(std::uint32_t file) const override {
    return x_order.x_source.block_file(file);
  }

  /// Whoever claims a block has done with the one before.
  Result<std::uint64_t> claim(Block& block, std::size_t& lane) override {
    const std::lock_guard claiming(x_order.x_claiming);
    auto records = x_order.x_source.claim(block, lane);
    const std::lock_guard held(x_order.x_mutex);
    if (records.ok() && *records > 0) {
      x_block = x_order.x_block + x_order.x_owners.size();
      x_order.x_owners.push_back(this);
    } else {
      x_has_ended = x_order.x_at_end = true;
      if (!records.ok() && !x_order.x_failure) x_order.x_failure = records.error();
    }
    x_order.x_changed.notify_all();
    return records;
  }

  void point_at_chunk() {
    if (x_chunk == nullptr) return;
    duckdb_data_chunk_reset(x_chunk);
    idx_t next = 0;
    for (std::size_t i = 0; i < x_at.size(); ++i) {
      if (x_order.x_wanted[i]) x_at[i] = duckdb_data_chunk_get_vector(x_chunk, next++);
    }
  }

  void work() {
    while (true) {
      point_at_chunk();
      x_batch.columns = x_at;
      auto rows = x_reader.next(x_batch);
      const bool is_last = !rows.ok() || *rows == 0;
      std::unique_lock held(x_order.x_mutex);
      if (x_has_ended) {
        x_is_done = true;  // What stopped the claim is known to the order.
      } else {
        x_rows.emplace(std::move(rows));
      }
      x_order.x_changed.notify_all();
      if (is_last) return;
      x_order.x_changed.wait(held, [this] { return !x_rows || x_order.x_stopped; });
      if (x_order.x_stopped) return;
    }
  }

  OrderedReader& x_order;
  CsvReader x_reader;
  RowBatch x_batch;
  duckdb_data_chunk x_chunk = nullptr;          ///< The columns that are wanted.
  std::vector<duckdb_vector> x_at;              ///< By column of the schema.
  std::optional<Result<std::uint32_t>> x_rows;  ///< A batch is ready, or what stopped it.
  std::uint64_t x_block = 0;                    ///< The block that it parses.
  bool x_has_ended = false;  ///< There was no block left for it, or none could be read.
  bool x_is_done = false;
  std::thread x_thread;
};

OrderedReader::OrderedReader(BlockSource& source, std::vector<bool> wanted, std::size_t threads)
    : x_source(source), x_wanted(std::move(wanted)), x_threads(threads) {}

OrderedReader::~OrderedReader() {
  {
    const std::lock_guard held(x_mutex);
    x_stopped = true;
  }
  x_changed.notify_all();
  for (const auto& worker : x_workers) worker->join();
}

void OrderedReader::begin(std::uint32_t rows_max) {
  for (std::size_t i = 0; i < x_threads; ++i) {
    x_workers.push_back(std::make_unique<Worker>(*this));
  }
  for (const auto& worker : x_workers) worker->start(rows_max);
}

OrderedReader::Worker* OrderedReader::next_worker(std::unique_lock<std::mutex>& held) {
  while (true) {
    x_changed.wait(held, [this] {
      if (x_owners.empty()) return x_at_end;
      const auto* owner = x_owners.front();
      return owner->has_batch_of(x_block) || owner->is_behind(x_block);
    });
    if (x_owners.empty()) return nullptr;
    if (x_owners.front()->has_batch_of(x_block)) return x_owners.front();
    x_owners.pop_front();
    ++x_block;
  }
}

Result<std::uint32_t> OrderedReader::next(RowBatch& batch) {
  if (x_workers.empty()) begin(batch.rows_max);
  std::unique_lock held(x_mutex);
  if (x_current != nullptr) x_current->release();
  x_current = nullptr;
  x_changed.notify_all();
  x_current = next_worker(held);
  if (x_current != nullptr) return take(*x_current, batch);
  if (x_failure) return Error(*x_failure);
  return std::uint32_t{0};
}

Result<std::uint32_t> OrderedReader::take(Worker& worker, RowBatch& batch) const {
  if (!worker.rows().ok()) return Error(worker.rows().error());
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    if (batch.columns[i] == nullptr || worker.column(i) == nullptr) continue;
    duckdb_vector_reference_vector(batch.columns[i], worker.column(i));
  }
  batch.places = std::move(worker.batch().places);
  batch.faults = std::move(worker.batch().faults);
  return *worker.rows();
}

std::string OrderedReader::raw(std::uint32_t row) const {
  return x_current == nullptr ? std::string() : x_current->raw(row);
}

}  // namespace leat::connectors::csv
