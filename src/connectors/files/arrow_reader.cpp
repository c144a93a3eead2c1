#include "connectors/files/arrow_reader.hpp"

#include <algorithm>
#include <utility>

#include "connectors/files/arrow_values.hpp"
#include "connectors/files/row_json.hpp"

namespace leat::connectors::files {
ArrowReader::ArrowReader(ArrowChunks& source, const std::vector<bool>& wanted)
    : x_source(source), x_wanted(wanted) {}

Result<bool> ArrowReader::load() {
  x_current = 1 - x_current;
  x_next_row = 0;
  auto& next = loaded();
  next.claimed = {};
  TRY(const bool has_batch, x_source.claim(next.claimed));
  if (!has_batch) return false;
  const auto& from = *next.claimed.from;
  const auto where = "while reading " + x_source.file_name(next.claimed.file);
  auto batch = from.read(next.claimed.place);
  if (!batch.ok()) return std::move(batch).error().during(where);
  next.batch = std::move(batch).value();
  return true;
}

Result<std::uint32_t> ArrowReader::next(RowBatch& batch) {
  batch.places.clear();
  batch.faults.clear();
  if (x_next_row == loaded().batch.rows) {
    TRY(const bool has_batch, load());
    if (!has_batch) {
      loaded().batch.rows = 0;
      return std::uint32_t{0};
    }
  }
  const auto& now = loaded();
  const auto rows = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(now.batch.rows - x_next_row, batch.rows_max));
  for (std::uint32_t row = 0; row < rows; ++row) {
    batch.places.push_back({now.claimed.first_record + x_next_row + row, 0, 0, now.claimed.file});
  }
  for (std::size_t i = 0; i < x_source.schema().size(); ++i) {
    if (x_wanted[i] && batch.columns[i] != nullptr) TRY(fill(i, rows, batch));
  }
  std::stable_sort(batch.faults.begin(), batch.faults.end(),
                   [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
  x_vectors.assign(batch.columns.begin(), batch.columns.end());
  x_next_row += rows;
  return rows;
}

std::string ArrowReader::raw(std::uint32_t row) const {
  return row_as_json(x_source.schema(), x_vectors, row);
}

Status ArrowReader::fill(std::size_t column, std::uint32_t rows, RowBatch& batch) {
  auto& now = loaded();
  const auto& name = x_source.schema().columns[column].name;
  const auto index = (*now.claimed.field_of)[column];
  const ArrowRange range{now.claimed.from->fields()[index], now.batch.columns[index], x_next_row,
                         rows};
  auto done = write_arrow(range, {name, batch.faults}, batch.columns[column]);
  if (done.ok()) return done;
  return std::move(done)
      .error()
      .with("column", name)
      .during("while reading " + x_source.file_name(now.claimed.file));
}

}  // namespace leat::connectors::files
