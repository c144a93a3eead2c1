#include "connectors/files/hdf5_file.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/clock.hpp"
#include "base/utf8.hpp"
#include "clients/file_list/open_listed.hpp"
#include "clients/hdf5/trial.hpp"
#include "connectors/files/found_columns.hpp"
#include "connectors/files/row_json.hpp"
#include "connectors/files/string_value.hpp"
#include "data/chunk_view.hpp"

namespace leat::connectors::files {
namespace {

using data::TypeId;
using hdf5::Shape;

std::int64_t whole_number(const char* place, std::size_t width) {
  switch (width) {
    case 1: {
      std::int8_t value = 0;
      std::memcpy(&value, place, 1);
      return value;
    }
    case 2: {
      std::int16_t value = 0;
      std::memcpy(&value, place, 2);
      return value;
    }
    case 4: {
      std::int32_t value = 0;
      std::memcpy(&value, place, 4);
      return value;
    }
    default: {
      std::int64_t value = 0;
      std::memcpy(&value, place, 8);
      return value;
    }
  }
}

}  // namespace

void Hdf5File::Job::set_null(std::uint32_t row) const {
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

/// What lies under a mask is no value, so nothing can be wrong with it.
void Hdf5File::Job::fault(std::uint32_t row, std::string message) const {
  set_null(row);
  if (mask != nullptr && mask[row] != 0) return;
  faults.push_back({row, column.name, std::move(message)});
}

Status Hdf5File::open(const file_list::ListedFile& listed, const CancelToken* cancel) {
  TRY(file_list::require_on_disk(listed));
  x_size = listed.size;
  hdf5::Trial trial;
  trial.path = listed.path;
  trial.dataset = x_plan.dataset;
  trial.names = x_plan.names;
  trial.axes = x_plan.axes;
  trial.cancel = cancel;
  TRY(hdf5::try_out(trial));
  TRY(x_table, hdf5::Table::open(listed.path, x_plan.dataset, x_plan.names, x_plan.axes));
  const auto& found = x_table->columns();
  x_read.assign(found.size(), false);
  TRY(x_columns, find_columns(x_schema, found));
  for (std::size_t i = 0; i < x_columns.size(); ++i) x_read[x_columns[i]] = x_wanted[i];
  return {};
}

std::uint64_t Hdf5File::file_bytes() const {
  if (x_table->rows() == 0) return x_size;
  return static_cast<std::uint64_t>(double(x_size) * double(x_at) / double(x_table->rows()));
}

Result<std::uint32_t> Hdf5File::next(RowBatch& batch) {
  if (x_at == x_table->rows()) return std::uint32_t{0};
  if (x_at == x_first + x_loaded_rows) {
    x_current = 1 - x_current;
    x_first = x_at;
    x_loaded_rows = std::min(x_table->rows_at_once(), x_table->rows() - x_at);
    TRY(x_table->read(x_first, x_loaded_rows, x_read, loaded()));
  }
  const auto rows = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(x_first + x_loaded_rows - x_at, batch.rows_max));
  for (std::uint32_t row = 0; row < rows; ++row) batch.places.push_back({x_at + row + 1, 0, 0, 0});
  for (std::size_t i = 0; i < x_schema.size(); ++i) {
    if (x_wanted[i] && batch.columns[i] != nullptr) fill(i, rows, batch);
  }
  std::stable_sort(batch.faults.begin(), batch.faults.end(),
                   [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
  x_vectors.assign(batch.columns.begin(), batch.columns.end());
  x_at += rows;
  return rows;
}

void Hdf5File::fill(std::size_t column, std::uint32_t rows, RowBatch& batch) {
  const auto at = x_columns[column];
  const auto& from = x_table->columns()[at];
  const auto stride = x_table->row_bytes(from.part);
  const auto behind = x_at - x_first;
  const auto& mask = loaded().masks[at];
  const Job job{from,
                x_schema.columns[column],
                loaded().parts[from.part].data() + behind * stride + from.offset,
                stride,
                mask.empty() ? nullptr : mask.data() + behind,
                rows,
                batch.columns[column],
                batch.faults};
  switch (from.shape) {
    case Shape::text:
    case Shape::fixed_text: write_texts(job); break;
    case Shape::symbol: write_symbols(job); break;
    default: {
      const bool is_time = from.type.id >= TypeId::date && from.type.id <= TypeId::timestamp_tz;
      is_time ? write_times(job) : write_plain(job);
    }
  }
  for (std::uint32_t row = 0; job.mask != nullptr && row < rows; ++row) {
    if (job.mask[row] != 0) job.set_null(row);
  }
}

void Hdf5File::write_plain(const Job& job) {
  auto* const out = static_cast<char*>(duckdb_vector_get_data(job.vector));
  for (std::uint32_t row = 0; row < job.rows; ++row) {
    std::memcpy(out + row * job.from.width, job.values + row * job.stride, job.from.width);
    if (job.from.shape == Shape::boolean) out[row] = out[row] != 0 ? '\1' : '\0';
  }
}

/// Dates in days, everything else in microseconds.
void Hdf5File::write_times(const Job& job) {
  void* const out = duckdb_vector_get_data(job.vector);
  for (std::uint32_t row = 0; row < job.rows; ++row) {
    const auto value = whole_number(job.values + row * job.stride, job.from.width);
    std::int64_t scaled = 0;
    const bool overflows = __builtin_mul_overflow(value, job.from.multiply, &scaled);
    const bool is_date = job.column.type.id == TypeId::date;
    const bool is_time = job.column.type.id == TypeId::time;
    if (overflows || (is_date && (scaled < INT32_MIN || scaled > INT32_MAX)) ||
        (is_time && (scaled < 0 || scaled > kMicrosADay))) {
      job.fault(row, "`" + std::to_string(value) + "` is not a value of type " +
                         data::sql_of(job.column.type));
    } else if (is_date) {
      static_cast<std::int32_t*>(out)[row] = static_cast<std::int32_t>(scaled);
    } else {
      static_cast<std::int64_t*>(out)[row] = scaled;
    }
  }
}

void Hdf5File::write_symbols(const Job& job) {
  auto* const out = static_cast<duckdb_string_t*>(duckdb_vector_get_data(job.vector));
  for (std::uint32_t row = 0; row < job.rows; ++row) {
    std::int64_t value = 0;
    std::memcpy(&value, job.values + row * job.stride, job.from.width);
    const auto found = std::find_if(job.from.symbols.begin(), job.from.symbols.end(),
                                    [value](const auto& one) { return one.first == value; });
    out[row] = {};
    if (found == job.from.symbols.end()) {
      job.fault(row,
                "`" + std::to_string(whole_number(job.values + row * job.stride, job.from.width)) +
                    "` is none of the enum's numbers");
    } else {
      out[row] = string_value(found->second);
    }
  }
}

void Hdf5File::write_texts(const Job& job) {
  auto* const out = static_cast<duckdb_string_t*>(duckdb_vector_get_data(job.vector));
  for (std::uint32_t row = 0; row < job.rows; ++row) {
    const char* const place = job.values + row * job.stride;
    std::string_view text;
    if (job.from.shape == Shape::text) {
      const std::string* kept = nullptr;
      std::memcpy(&kept, place, sizeof kept);
      if (kept != nullptr) text = *kept;
    } else {
      text = std::string_view(place, job.from.width);
      text = text.substr(0, text.find('\0'));
      while (job.from.is_padded && text.ends_with(' ')) text.remove_suffix(1);
    }
    out[row] = {};
    if (is_valid_utf8(text)) {
      out[row] = string_value(text);
    } else {
      job.fault(row, "`" + printable(text) + "` is not valid UTF-8");
    }
  }
}

std::string Hdf5File::raw(std::uint32_t row) const { return row_as_json(x_schema, x_vectors, row); }

}  // namespace leat::connectors::files
