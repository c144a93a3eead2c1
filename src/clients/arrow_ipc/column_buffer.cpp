#include "clients/arrow_ipc/column_buffer.hpp"

#include <cstring>
#include <limits>

namespace leat::arrow_ipc {
namespace {

constexpr std::size_t kPadding = 8;

template <typename T>
void append(std::string& to, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  to.append(bytes, sizeof(T));
}

void set_bit(std::string& bits, std::uint64_t at, bool value) {
  if (at / 8 >= bits.size()) bits.resize(at / 8 + 1, '\0');
  if (value) bits[at / 8] = static_cast<char>(bits[at / 8] | (1 << (at % 8)));
}

Buffer put(std::string& body, const std::string& bytes) {
  const Buffer buffer{body.size(), bytes.size()};
  body += bytes;
  body.resize((body.size() + kPadding - 1) / kPadding * kPadding, '\0');
  return buffer;
}

template <typename T>
void widen(std::string& to, const data::ColumnView& view, std::uint32_t rows) {
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::int64_t value = view.is_valid(row) ? view.as<T>()[row] : 0;
    append(to, value);
    append(to, std::int64_t{value < 0 ? -1 : 0});
  }
}

}  // namespace

ColumnBuffer::ColumnBuffer(const data::Column& column) : x_field(written_field(column)) { clear(); }

void ColumnBuffer::clear() {
  x_rows = x_nulls = 0;
  x_valid.clear();
  x_values.clear();
  x_text.clear();
  if (x_field.layout == Layout::offsets_32) append(x_values, std::int32_t{0});
}

bool ColumnBuffer::add(const data::ColumnView& view, std::uint32_t rows) {
  if (x_field.layout == Layout::offsets_32) {
    if (!add_text(view, rows)) return false;
  } else if (x_field.layout == Layout::bits) {
    add_bits(view, rows);
  } else if (x_field.type.id == data::TypeId::decimal) {
    add_decimals(view, rows);
  } else {
    x_values.append(view.as<char>(), std::size_t{rows} * x_field.width);
  }
  add_validity(view, rows);
  x_rows += rows;
  return true;
}

void ColumnBuffer::add_validity(const data::ColumnView& view, std::uint32_t rows) {
  for (std::uint32_t row = 0; row < rows; ++row) {
    const bool is_valid = view.is_valid(row);
    set_bit(x_valid, x_rows + row, is_valid);
    x_nulls += is_valid ? 0 : 1;
  }
}

void ColumnBuffer::add_bits(const data::ColumnView& view, std::uint32_t rows) {
  for (std::uint32_t row = 0; row < rows; ++row) {
    set_bit(x_values, x_rows + row, view.is_valid(row) && view.as<bool>()[row]);
  }
}

void ColumnBuffer::add_decimals(const data::ColumnView& view, std::uint32_t rows) {
  switch (view.physical) {
    case data::TypeId::int16: return widen<std::int16_t>(x_values, view, rows);
    case data::TypeId::int32: return widen<std::int32_t>(x_values, view, rows);
    case data::TypeId::int64: return widen<std::int64_t>(x_values, view, rows);
    default: x_values.append(view.as<char>(), std::size_t{rows} * x_field.width);
  }
}

bool ColumnBuffer::add_text(const data::ColumnView& view, std::uint32_t rows) {
  const auto kept_values = x_values.size();
  const auto kept_text = x_text.size();
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (view.is_valid(row)) x_text += view.text(row);
    if (x_text.size() > std::size_t{std::numeric_limits<std::int32_t>::max()}) {
      x_values.resize(kept_values);
      x_text.resize(kept_text);
      return false;
    }
    append(x_values, static_cast<std::int32_t>(x_text.size()));
  }
  return true;
}

void ColumnBuffer::put_into(std::string& body, std::vector<Buffer>& buffers) const {
  buffers.push_back(put(body, x_nulls > 0 ? x_valid : std::string()));
  buffers.push_back(put(body, x_values));
  if (x_field.layout == Layout::offsets_32) buffers.push_back(put(body, x_text));
}

}  // namespace leat::arrow_ipc
