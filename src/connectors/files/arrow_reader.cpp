#include "connectors/files/arrow_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/clock.hpp"
#include "base/utf8.hpp"
#include "connectors/files/found_columns.hpp"
#include "connectors/files/row_json.hpp"
#include "connectors/files/string_value.hpp"
#include "data/chunk_view.hpp"

namespace leat::connectors::files {
namespace {

using arrow_ipc::bit_at;
using arrow_ipc::Field;
using arrow_ipc::Layout;
using data::TypeId;

__extension__ using Int128 = __int128;

float from_half(std::uint16_t half) {
  const auto sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1F;
  const std::uint32_t fraction = half & 0x3FF;
  std::uint32_t bits = sign;
  if (exponent == 0x1F) {
    bits |= 0x7F800000 | (fraction << 13);
  } else if (exponent != 0) {
    bits |= ((exponent + 112) << 23) | (fraction << 13);
  } else {
    const float small = static_cast<float>(fraction) / 16'777'216.0F;
    return sign == 0 ? small : -small;
  }
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace

bool ArrowReader::Job::is_valid(std::uint32_t row) const {
  return from.valid == nullptr || bit_at(from.valid, first + row);
}

void ArrowReader::Job::set_null(std::uint32_t row) {
  if (out_valid == nullptr) {
    duckdb_vector_ensure_validity_writable(vector);
    out_valid = duckdb_vector_get_validity(vector);
  }
  duckdb_validity_set_row_invalid(out_valid, row);
}

void ArrowReader::Job::fault(std::uint32_t row, std::string message) {
  set_null(row);
  faults.push_back({row, column.name, std::move(message)});
}

template <typename T>
T ArrowReader::Job::value(std::uint32_t row) const {
  T out{};
  std::memcpy(&out, from.values.data() + (first + row) * sizeof(T), sizeof(T));
  return out;
}

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
  TRY(next.field_of, find_columns(x_source.schema(), from.fields()));
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
  const auto& described = x_source.schema().columns[column];
  const auto& fields = now.claimed.from->fields();
  const auto index = now.field_of[column];
  Job job{described,   fields[index], now.batch.columns[index],
          x_next_row,  rows,          batch.columns[column],
          batch.faults};
  auto done = write(job);
  if (done.ok()) return done;
  return std::move(done)
      .error()
      .with("column", described.name)
      .during("while reading " + x_source.file_name(now.claimed.file));
}

Status ArrowReader::write(Job& job) {
  if (job.field.layout == Layout::nothing) {
    for (std::uint32_t row = 0; row < job.rows; ++row) job.set_null(row);
    return {};
  }
  if (job.field.type.is_text() || job.field.type.id == TypeId::blob) return write_text(job);
  switch (job.field.type.id) {
    case TypeId::date:
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::timestamp_tz: write_scaled(job); break;
    case TypeId::decimal: write_decimals(job); break;
    default: write_plain(job); break;
  }
  return {};
}

void ArrowReader::write_plain(Job& job) {
  void* const out = duckdb_vector_get_data(job.vector);
  if (job.field.layout == Layout::bits) {
    for (std::uint32_t row = 0; row < job.rows; ++row) {
      static_cast<bool*>(out)[row] = bit_at(job.from.values.data(), job.first + row);
    }
  } else if (job.field.is_half) {
    for (std::uint32_t row = 0; row < job.rows; ++row) {
      static_cast<float*>(out)[row] = from_half(job.value<std::uint16_t>(row));
    }
  } else {
    const std::size_t width = job.field.width;
    std::memcpy(out, job.from.values.data() + job.first * width, job.rows * width);
  }
  for (std::uint32_t row = 0; row < job.rows; ++row) {
    if (!job.is_valid(row)) job.set_null(row);
  }
}

/// Dates in days, everything else in microseconds; what would be rounded is a fault.
void ArrowReader::write_scaled(Job& job) {
  void* const out = duckdb_vector_get_data(job.vector);
  for (std::uint32_t row = 0; row < job.rows; ++row) {
    if (!job.is_valid(row)) {
      job.set_null(row);
      continue;
    }
    const std::int64_t value =
        job.field.width == 4 ? job.value<std::int32_t>(row) : job.value<std::int64_t>(row);
    std::int64_t scaled = 0;
    const bool overflows = __builtin_mul_overflow(value, job.field.multiply, &scaled);
    const bool is_time = job.field.type.id == TypeId::time;
    const bool is_date = job.field.type.id == TypeId::date;
    const std::int64_t whole = overflows ? 0 : scaled / job.field.divide;
    if (overflows || scaled % job.field.divide != 0 ||
        (is_date && (whole < INT32_MIN || whole > INT32_MAX)) ||
        (is_time && (whole < 0 || whole > kMicrosADay))) {
      job.fault(row, std::to_string(value) + " (in Arrow's unit) is not a value of type " +
                         data::sql_of(job.column.type) +
                         (scaled % job.field.divide != 0 ? " without rounding" : ""));
      continue;
    }
    if (is_date) {
      static_cast<std::int32_t*>(out)[row] = static_cast<std::int32_t>(whole);
    } else {
      static_cast<std::int64_t*>(out)[row] = whole;
    }
  }
}

void ArrowReader::write_decimals(Job& job) {
  void* const out = duckdb_vector_get_data(job.vector);
  const auto carrier = data::decimal_carrier(job.field.type.width);
  Int128 limit = 1;
  for (int i = 0; i < job.field.type.width; ++i) limit *= 10;
  for (std::uint32_t row = 0; row < job.rows; ++row) {
    if (!job.is_valid(row)) {
      job.set_null(row);
      continue;
    }
    const auto value = job.value<Int128>(row);
    if (value >= limit || value <= -limit) {
      job.fault(row, "a number is not a value of type " + data::sql_of(job.column.type));
      continue;
    }
    switch (carrier) {
      case TypeId::int16: static_cast<std::int16_t*>(out)[row] = std::int16_t(value); break;
      case TypeId::int32: static_cast<std::int32_t*>(out)[row] = std::int32_t(value); break;
      case TypeId::int64: static_cast<std::int64_t*>(out)[row] = std::int64_t(value); break;
      default: std::memcpy(static_cast<char*>(out) + row * sizeof value, &value, sizeof value);
    }
  }
}

Status ArrowReader::write_text(Job& job) {
  auto* const out = static_cast<duckdb_string_t*>(duckdb_vector_get_data(job.vector));
  for (std::uint32_t row = 0; row < job.rows; ++row) {
    const auto text = arrow_ipc::text_at(job.field, job.from, job.first + row);
    if (!text || text->size() > INT32_MAX) {
      return Error(Fault::external, "the Arrow data is broken: a text lies outside of its buffer");
    }
    out[row] = duckdb_string_t{};
    if (!job.is_valid(row)) {
      job.set_null(row);
    } else if (job.field.type.is_text() && !is_valid_utf8(*text)) {
      job.fault(row, "`" + printable(*text) + "` is not valid UTF-8");
    } else {
      out[row] = string_value(*text);
    }
  }
  return {};
}

}  // namespace leat::connectors::files
