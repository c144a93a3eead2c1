#include "kernels/statistics.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "kernels/bits.hpp"
#include "kernels/column_tracker.hpp"
#include "kernels/distinct_sketch.hpp"
#include "kernels/hash.hpp"

namespace leat::kernels {
namespace {

constexpr std::uint32_t kBatch = 2048;
constexpr std::uint32_t kWidthMax = 16;
constexpr std::size_t kTopValues = 5;

/// Room for one batch of one column.
struct Workspace {
  alignas(64) std::array<std::uint64_t, kBatch> row_hashes;
  alignas(64) std::array<std::uint64_t, kBatch> hashes;
  std::array<std::uint32_t, kBatch> rows;       ///< Of the present values, in the vector.
  std::array<std::uint16_t, kBatch> positions;  ///< Of the present values, in the batch.
  alignas(64) std::array<char, kBatch * kWidthMax> values;
};

/// The rows of one batch.
struct Batch {
  std::uint32_t first;
  std::uint32_t count;
  const std::uint32_t* selected;  ///< Null: `count` rows from `first` on.
};

template <std::uint32_t kWidth>
void gather(const char* values, const std::uint32_t* rows, std::uint32_t count, char* out) {
  for (std::uint32_t i = 0; i < count; ++i) {
    std::memcpy(out + i * kWidth, values + std::size_t(rows[i]) * kWidth, kWidth);
  }
}

void gather(const void* values, std::uint32_t width, const std::uint32_t* rows, std::uint32_t count,
            char* out) {
  const auto* bytes = static_cast<const char*>(values);
  switch (width) {
    case 1: return gather<1>(bytes, rows, count, out);
    case 2: return gather<2>(bytes, rows, count, out);
    case 4: return gather<4>(bytes, rows, count, out);
    case 8: return gather<8>(bytes, rows, count, out);
    default: return gather<16>(bytes, rows, count, out);
  }
}

bool has_null(const data::ColumnView& view, const Batch& batch) {
  if (view.validity == nullptr) return false;
  if (batch.selected != nullptr) return true;  // Found out while the rows are listed.
  const auto* words = view.validity + batch.first / 64;
  std::uint64_t invalid = 0;
  for (std::uint32_t word = 0; word < words_of(batch.count); ++word) {
    invalid |= ~words[word] & row_mask(word, batch.count);
  }
  return invalid != 0;
}

/// Lists the rows of the batch whose value is present; their number.
std::uint32_t list_present(const data::ColumnView& view, const Batch& batch, Workspace& work) {
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < batch.count; ++i) {
    const auto row = batch.selected ? batch.selected[batch.first + i] : batch.first + i;
    work.rows[count] = row;
    work.positions[count] = std::uint16_t(i);
    count += view.is_valid(row);
  }
  return count;
}

class ColumnState {
 public:
  ColumnState(const data::Column& column, std::size_t index)
      : x_name(column.name),
        x_type(data::sql_of(column.type)),
        x_seed(column_seed(index)),
        x_width(value_width(column.type)),
        x_top(x_seed),
        x_tracker(make_tracker(column.type, x_seed)) {}

  void update(const data::ColumnView& view, const Batch& batch, Workspace& work) {
    auto present = batch.count;
    const auto* bytes = static_cast<const char*>(view.values);
    const void* values = bytes + std::size_t(batch.first) * x_width;
    if (batch.selected != nullptr || has_null(view, batch)) {
      present = list_present(view, batch, work);
      if (x_tracker) gather(bytes, x_width, work.rows.data(), present, work.values.data());
      values = work.values.data();
    }
    hash(values, present, work.hashes.data());
    add_to_rows(batch.count, present, work);
    x_nulls += batch.count - present;
  }

  void merge(const ColumnState& other) {
    x_nulls += other.x_nulls;
    x_distinct.merge(other.x_distinct);
    x_top.merge(other.x_top);
    if (x_tracker) x_tracker->merge(*other.x_tracker);
  }

  ColumnSummary summary(std::uint64_t rows) const {
    ColumnSummary out;
    out.name = x_name;
    out.type = x_type;
    out.nulls = x_nulls;
    if (!x_tracker) return out;
    out.distinct = std::min(x_distinct.estimate(), rows - x_nulls);
    x_tracker->describe(out);
    for (const auto& found : x_top.top(kTopValues)) {
      out.top.push_back({x_tracker->render(found.value), found.share});
    }
    return out;
  }

 private:
  void hash(const void* values, std::uint32_t count, std::uint64_t* hashes) {
    if (!x_tracker) {
      std::fill_n(hashes, count, mix(x_seed));
    } else if (count > 0) {
      x_tracker->measure(values, count, hashes);
      x_distinct.add(hashes, count);
      x_top.add(hashes, count, [&](std::uint32_t i) { return x_tracker->keep(values, i); });
    }
  }

  void add_to_rows(std::uint32_t count, std::uint32_t present, Workspace& work) {
    if (present == count) {
      for (std::uint32_t i = 0; i < count; ++i) work.row_hashes[i] += work.hashes[i];
      return;
    }
    const auto missing = null_hash(x_seed);
    for (std::uint32_t i = 0; i < count; ++i) work.row_hashes[i] += missing;
    for (std::uint32_t i = 0; i < present; ++i) {
      work.row_hashes[work.positions[i]] += work.hashes[i] - missing;
    }
  }

  std::string x_name;
  std::string x_type;
  std::uint64_t x_seed;
  std::uint32_t x_width;
  std::uint64_t x_nulls = 0;
  DistinctSketch x_distinct;
  TopValues x_top;
  std::unique_ptr<ColumnTracker> x_tracker;
};

std::string hex_text(std::uint64_t value) {
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) out[i] = "0123456789abcdef"[value & 15];
  return out;
}

}  // namespace

struct Statistics::State {
  std::vector<ColumnState> columns;
  std::uint64_t rows = 0;
  std::uint64_t checksum = 0;
  Workspace work;
};

Statistics::Statistics(const data::Schema& schema) : x_state(std::make_unique<State>()) {
  x_state->columns.reserve(schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) {
    x_state->columns.emplace_back(schema.columns[i], i);
  }
}

Statistics::~Statistics() = default;
Statistics::Statistics(Statistics&&) noexcept = default;
Statistics& Statistics::operator=(Statistics&&) noexcept = default;

void Statistics::update(std::span<const data::ColumnView> columns, std::uint32_t rows,
                        const std::uint32_t* rows_selected) {
  LEAT_ASSERT(columns.size() == x_state->columns.size());
  auto& work = x_state->work;
  for (std::uint32_t first = 0; first < rows; first += kBatch) {
    const Batch batch{first, std::min(kBatch, rows - first), rows_selected};
    std::fill_n(work.row_hashes.begin(), batch.count, 0);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      x_state->columns[i].update(columns[i], batch, work);
    }
    for (std::uint32_t i = 0; i < batch.count; ++i) x_state->checksum += mix(work.row_hashes[i]);
  }
  x_state->rows += rows;
}

void Statistics::merge(const Statistics& other) {
  LEAT_ASSERT(other.x_state->columns.size() == x_state->columns.size());
  x_state->rows += other.x_state->rows;
  x_state->checksum += other.x_state->checksum;
  for (std::size_t i = 0; i < x_state->columns.size(); ++i) {
    x_state->columns[i].merge(other.x_state->columns[i]);
  }
}

Summary Statistics::summary() const {
  Summary out;
  out.rows = x_state->rows;
  if (!x_state->columns.empty()) out.checksum = hex_text(x_state->checksum);
  for (const auto& column : x_state->columns) out.columns.push_back(column.summary(out.rows));
  return out;
}

}  // namespace leat::kernels
