#include "kernels/encoded_keys.hpp"

#include "base/assert.hpp"

namespace leat::kernels {
namespace {

using data::ColumnView;
using data::TypeId;

bool is_text(TypeId id) {
  return id == TypeId::varchar || id == TypeId::json || id == TypeId::blob;
}

/// Bytes of a value of fixed width, as encoded.
std::uint32_t width_of(const ColumnView& column) {
  if (column.physical == TypeId::float32) return 4;
  if (column.physical == TypeId::float64) return 8;
  if (column.physical == TypeId::interval) return sizeof(NormalInterval);
  std::uint32_t width = 0;
  with_integer(column.physical, [&](auto zero) { width = sizeof(zero); });
  LEAT_ASSERT(width > 0);  // Keys of nested types are refused when a check is compiled.
  return width;
}

template <typename T>
T floating_bits(const ColumnView& column, std::uint32_t row) {
  return T(canonical(double(value_at<T>(column.values, row))));
}

void write_value(const ColumnView& column, std::uint32_t row, char* out, std::uint32_t width) {
  if (column.physical == TypeId::float32) {
    const auto value = floating_bits<float>(column, row);
    std::memcpy(out, &value, 4);
  } else if (column.physical == TypeId::float64) {
    const auto value = floating_bits<double>(column, row);
    std::memcpy(out, &value, 8);
  } else if (column.physical == TypeId::interval) {
    const auto value = normal(value_at<duckdb_interval>(column.values, row));
    std::memcpy(out, &value, sizeof(value));
  } else {
    std::memcpy(out, static_cast<const char*>(column.values) + std::size_t(row) * width, width);
  }
}

template <std::uint32_t kWidth>
void copy_column(const ColumnView& column, std::uint32_t first, std::uint32_t count, char* out) {
  const auto* values = static_cast<const char*>(column.values) + std::size_t(first) * kWidth;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::memcpy(out + std::size_t(i) * 16, values + std::size_t(i) * kWidth, kWidth);
  }
}

void encode_short_column(const ColumnView& column, std::uint32_t first, std::uint32_t count,
                         char* out) {
  const auto width = width_of(column);
  if (column.physical == TypeId::float32 || column.physical == TypeId::float64) {
    for (std::uint32_t i = 0; i < count; ++i) write_value(column, first + i, out + i * 16, width);
    return;
  }
  switch (width) {
    case 1: return copy_column<1>(column, first, count, out);
    case 2: return copy_column<2>(column, first, count, out);
    case 4: return copy_column<4>(column, first, count, out);
    case 8: return copy_column<8>(column, first, count, out);
    default: return copy_column<16>(column, first, count, out);
  }
}

void append_long_key(std::span<const ColumnView> key, std::uint32_t row, std::vector<char>& out) {
  for (const auto& column : key) {
    const auto end = out.size();
    if (is_text(column.physical)) {
      const auto text = column.text(row);
      const auto size = std::uint32_t(text.size());
      out.resize(end + 4 + size);
      std::memcpy(out.data() + end, &size, 4);
      std::memcpy(out.data() + end + 4, text.data(), size);
    } else {
      const auto width = width_of(column);
      out.resize(end + width);
      write_value(column, row, out.data() + end, width);
    }
  }
}

void encode_short(std::span<const ColumnView> key, std::uint32_t first, std::uint32_t count,
                  EncodedKeys& out) {
  std::memset(out.short_keys.data(), 0, std::size_t(count) * 16);
  auto at = out.width;
  for (const auto& column : key) {
    at -= width_of(column);
    encode_short_column(column, first, count, out.short_keys.data() + at);
  }
}

}  // namespace

std::uint32_t key_width(const data::Type& type) {
  data::ColumnView column;
  column.physical = physical_of(type);
  return width_of(column);
}

std::uint32_t short_key_width(std::span<const ColumnView> key) {
  std::uint32_t width = 0;
  for (const auto& column : key) {
    if (is_text(column.physical)) return 0;
    width += width_of(column);
  }
  return width <= 16 ? width : 0;
}

UInt128 sign_bits(std::span<const ColumnView> key) {
  UInt128 bits = 0;
  auto at = short_key_width(key);
  for (const auto& column : key) {
    with_integer(column.physical, [&](auto zero) {
      if (decltype(zero)(-1) < 0) bits |= UInt128{1} << (at * 8 - 1);
    });
    at -= width_of(column);
  }
  return bits;
}

std::uint64_t hash_long_key(std::string_view key) {
  return hash_long_text(key.data(), key.size(), 0);
}

void encode_keys(std::span<const ColumnView> key, std::uint32_t first, std::uint32_t count,
                 const std::uint64_t* valid, EncodedKeys& out) {
  out.width = short_key_width(key);
  if (out.width > 0) return encode_short(key, first, count, out);
  out.long_keys.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    out.offsets[i] = std::uint32_t(out.long_keys.size());
    if (((valid[i / 64] >> (i % 64)) & 1) != 0) append_long_key(key, first + i, out.long_keys);
  }
  out.offsets[count] = std::uint32_t(out.long_keys.size());
}

void hash_keys(std::uint32_t count, EncodedKeys& keys) {
  if (keys.width == 0) {
    for (std::uint32_t i = 0; i < count; ++i) keys.hashes[i] = hash_long_key(keys.long_key(i));
    return;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto words = value_at<std::array<std::uint64_t, 2>>(keys.short_keys.data(), i);
    keys.hashes[i] = hash_short_key(words[0], words[1]);
  }
}

}  // namespace leat::kernels
