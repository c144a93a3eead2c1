#include "clients/avro/encode.hpp"

#include <array>
#include <cstring>

namespace leat::avro {
namespace {

using data::ColumnView;
using data::TypeId;

__extension__ using Int128 = __int128;

template <typename T>
void append_plain(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

Int128 carried(const ColumnView& column, std::uint32_t row) {
  switch (column.physical) {
    case TypeId::int16: return column.as<std::int16_t>()[row];
    case TypeId::int32: return column.as<std::int32_t>()[row];
    case TypeId::int64: return column.as<std::int64_t>()[row];
    default: break;
  }
  Int128 value = 0;
  std::memcpy(&value, column.as<char>() + row * sizeof value, sizeof value);
  return value;
}

/// Big-endian, in as few bytes as keep the sign.
void append_decimal(std::string& out, Int128 value) {
  std::array<char, sizeof value> bytes{};
  std::size_t first = bytes.size();
  for (;;) {
    bytes[--first] = static_cast<char>(value);
    const bool is_negative = bytes[first] < 0;
    value >>= 8;
    if (first == 0 || value == (is_negative ? -1 : 0)) break;
  }
  append_text(out, {bytes.data() + first, bytes.size() - first});
}

/// The engine keeps it as a number whose first bit is turned around.
void append_uuid(std::string& out, const ColumnView& column, std::uint32_t row) {
  std::array<unsigned char, 16> bytes{};
  std::memcpy(bytes.data(), column.as<char>() + row * bytes.size(), bytes.size());
  bytes[15] ^= 0x80;
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    const auto byte = bytes[15 - i];
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  append_text(out, text);
}

}  // namespace

void append_long(std::string& out, std::int64_t value) {
  auto left = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (; left > 0x7F; left >>= 7) out += static_cast<char>(left | 0x80);
  out += static_cast<char>(left);
}

void append_text(std::string& out, std::string_view text) {
  append_long(out, static_cast<std::int64_t>(text.size()));
  out += text;
}

void append_value(std::string& out, const ColumnView& column, std::uint32_t row) {
  if (!column.is_valid(row)) return append_long(out, 0);
  append_long(out, 1);
  switch (column.id) {
    case TypeId::boolean: out += column.as<bool>()[row] ? '\1' : '\0'; break;
    case TypeId::int8: append_long(out, column.as<std::int8_t>()[row]); break;
    case TypeId::uint8: append_long(out, column.as<std::uint8_t>()[row]); break;
    case TypeId::int16: append_long(out, column.as<std::int16_t>()[row]); break;
    case TypeId::uint16: append_long(out, column.as<std::uint16_t>()[row]); break;
    case TypeId::date:
    case TypeId::int32: append_long(out, column.as<std::int32_t>()[row]); break;
    case TypeId::uint32: append_long(out, column.as<std::uint32_t>()[row]); break;
    case TypeId::time:
    case TypeId::timestamp:
    case TypeId::timestamp_tz:
    case TypeId::int64: append_long(out, column.as<std::int64_t>()[row]); break;
    case TypeId::float32: append_plain(out, column.as<float>()[row]); break;
    case TypeId::float64: append_plain(out, column.as<double>()[row]); break;
    case TypeId::decimal: append_decimal(out, carried(column, row)); break;
    case TypeId::uuid: append_uuid(out, column, row); break;
    default: append_text(out, column.text(row)); break;
  }
}

}  // namespace leat::avro
