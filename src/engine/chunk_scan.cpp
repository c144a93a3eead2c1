#include "engine/chunk_scan.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.hpp"

namespace leat::engine {
namespace {

constexpr std::uint64_t kRowBytesGuess = 64;

/// The rows of a reader's last batch.
class ReaderOrigin final : public RowOrigin {
 public:
  ReaderOrigin(const ChunkSource& source, const ChunkReader& reader, const RowBatch& batch)
      : x_source(source), x_reader(reader), x_batch(batch) {}

  bool describe(std::uint32_t row, BadRow& bad) const override {
    const auto& place = x_batch.places.at(row);
    bad.file = x_source.file_name(place.file);
    bad.record = place.record;
    bad.line = place.line;
    bad.byte_offset = place.byte_offset;
    bad.raw = x_reader.raw(row);
    bad.raw_form = x_source.raw_form(place.file);
    return true;
  }

 private:
  const ChunkSource& x_source;
  const ChunkReader& x_reader;
  const RowBatch& x_batch;
};

duckdb_data_chunk make_chunk(const EngineTable& table, const std::vector<std::size_t>& columns) {
  auto* number = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
  std::vector<duckdb_logical_type> types;
  for (const auto column : columns) {
    types.push_back(column < table.types().size() ? table.types()[column] : number);
  }
  auto* chunk = duckdb_create_data_chunk(types.data(), types.size());
  duckdb_destroy_logical_type(&number);
  return chunk;
}

void keep_rows(duckdb_data_chunk chunk, const std::uint32_t* kept, std::uint32_t count) {
  auto* const selection = duckdb_create_selection_vector(count);
  std::copy_n(kept, count, duckdb_selection_vector_get_data_ptr(selection));
  const auto columns = duckdb_data_chunk_get_column_count(chunk);
  for (idx_t i = 0; i < columns; ++i) {
    duckdb_slice_vector(duckdb_data_chunk_get_vector(chunk, i), selection, count);
  }
  duckdb_destroy_selection_vector(selection);
}

}  // namespace

ChunkScan::ChunkScan(ChunkSource& source, Judge& judge, const Limits& limits,
                     FirstError& first_error)
    : x_source(source), x_judge(judge), x_limits(limits), x_first_error(first_error) {}

ChunkScan::~ChunkScan() = default;

std::size_t ChunkScan::threads() const {
  return std::max<std::size_t>(1, std::min(x_limits.threads, x_source.threads_max()));
}

std::uint64_t ChunkScan::rows_guess() const { return x_source.bytes_total() / kRowBytesGuess; }

Status ChunkScan::start() {
  if (!x_started.exchange(true)) return {};
  return Error(Fault::internal, "a source was to be read twice in one pass")
      .with("dataset", x_judge.dataset());
}

Result<LocalScan*> ChunkScan::open_local(const LocalScan::Projection& projected) {
  TRY(auto local, LocalScan::open(*this, projected));
  const std::lock_guard lock(x_mutex);
  x_locals.push_back(std::move(local));
  return x_locals.back().get();
}

Status ChunkScan::drain() {
  if (x_locals.empty()) {
    TRY([[maybe_unused]] auto* local, open_local({}));
  }
  for (const auto& local : x_locals) TRY(local->drain());
  return {};
}

std::uint64_t ChunkScan::handed_on() const {
  std::uint64_t rows = 0;
  for (const auto& local : x_locals) rows += local->handed_on();
  return rows;
}

Result<std::unique_ptr<LocalScan>> LocalScan::open(ChunkScan& scan, const Projection& projected) {
  auto local = std::make_unique<LocalScan>(scan, projected);
  TRY(local->prepare());
  return local;
}

LocalScan::~LocalScan() { duckdb_destroy_data_chunk(&x_extra_chunk); }

Status LocalScan::prepare() {
  auto wanted = x_scan.judge().reads();
  if (x_scan.limits().reads_all) wanted.assign(wanted.size(), true);
  for (const auto& column : x_projected) {
    if (column && !is_place(*column)) wanted[*column] = false;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i]) x_extra.push_back(i);
  }
  for (const auto& column : x_projected) {
    if (!column || is_place(*column)) continue;
    if (wanted[*column]) return Error(Fault::internal, "a column was asked for twice");
    wanted[*column] = true;
  }
  x_vectors.resize(wanted.size());
  if (!x_extra.empty()) x_extra_chunk = make_chunk(x_scan.judge().table(), x_extra);
  TRY(x_judge, x_scan.judge().open_local());
  TRY(x_reader, x_scan.source().make_reader(wanted));
  return {};
}

/// Both chunks are emptied first: what the last batch left in them (nulls, a selection) must go.
void LocalScan::point_at(duckdb_data_chunk output) {
  duckdb_data_chunk_reset(output);
  for (std::size_t i = 0; i < x_projected.size(); ++i) {
    if (!x_projected[i] || is_place(*x_projected[i])) continue;
    x_vectors[*x_projected[i]] = duckdb_data_chunk_get_vector(output, i);
  }
  if (x_extra_chunk == nullptr) return;
  duckdb_data_chunk_reset(x_extra_chunk);
  for (std::size_t i = 0; i < x_extra.size(); ++i) {
    x_vectors[x_extra[i]] = duckdb_data_chunk_get_vector(x_extra_chunk, i);
  }
}

Result<std::uint32_t> LocalScan::read_batch() {
  const auto* cancel = x_scan.limits().cancel;
  if (cancel != nullptr && cancel->requested()) {
    return Error(Fault::external, "stopped").cancelled();
  }
  x_batch.columns = x_vectors;
  x_batch.places.clear();
  x_batch.faults.clear();
  x_batch.rows_max = x_scan.limits().batch_rows;
  TRY(const auto rows, x_reader->next(x_batch));
  LEAT_ASSERT(rows <= x_batch.rows_max && (rows == 0 || x_batch.places.size() == rows));
  return rows;
}

bool LocalScan::is_place(std::size_t column) const {
  return column >= x_scan.judge().schema().size();
}

void LocalScan::write_places(duckdb_data_chunk output) const {
  const auto columns = x_scan.judge().schema().size();
  for (std::size_t i = 0; i < x_projected.size(); ++i) {
    if (!x_projected[i] || !is_place(*x_projected[i])) continue;
    auto* values =
        static_cast<std::int64_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(output, i)));
    for (const auto& place : x_batch.places) {
      const std::array<std::uint64_t, 4> numbers{place.file, place.record, place.line,
                                                 place.byte_offset};
      *values++ = std::int64_t(numbers[*x_projected[i] - columns]);
    }
  }
}

Status LocalScan::fill(duckdb_data_chunk output) {
  std::array<std::uint32_t, kChunkRows> kept;
  while (!x_done) {
    point_at(output);
    TRY(const auto rows, read_batch());
    if (rows == 0) break;
    const ReaderOrigin origin(x_scan.source(), *x_reader, x_batch);
    TRY(const auto stay, x_judge->judge({x_vectors, rows, x_batch.faults}, origin, kept.data()));
    if (stay == 0) continue;
    write_places(output);
    if (stay < rows) keep_rows(output, kept.data(), stay);
    duckdb_data_chunk_set_size(output, stay);
    x_handed_on += stay;
    return {};
  }
  x_done = true;
  duckdb_data_chunk_set_size(output, 0);
  return {};
}

Status LocalScan::drain() {
  std::vector<std::size_t> columns;
  for (const auto& column : x_projected) columns.push_back(column.value_or(0));
  auto* output = make_chunk(x_scan.judge().table(), columns);
  Status status;
  while (status.ok() && !x_done) status = fill(output);
  duckdb_destroy_data_chunk(&output);
  return status;
}

}  // namespace leat::engine
