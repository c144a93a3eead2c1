#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "clients/avro/schema.hpp"

namespace leat::avro {

/// Reads values in Avro's binary encoding, one behind the other.
///
/// Promise   never looks outside of its bytes. What does not fit in is read as nothing or zero, and
///           `is_broken` says so from then on.
class Cursor {
 public:
  Cursor() = default;
  explicit Cursor(std::string_view bytes)
      : x_at(bytes.data()), x_begin(x_at), x_end(bytes.data() + bytes.size()) {}

  bool is_broken() const { return x_is_broken; }
  bool is_at_end() const { return x_at == x_end; }
  std::size_t left() const { return static_cast<std::size_t>(x_end - x_at); }
  const char* at() const { return x_at; }

  std::int64_t read_long() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; x_at != x_end && shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(*x_at++);
      if (shift == 63 && byte > 1) break;
      value |= std::uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
    }
    x_is_broken = true;
    return 0;
  }
  std::int32_t read_int() {
    const auto value = read_long();
    if (value < INT32_MIN || value > INT32_MAX) x_is_broken = true;
    return static_cast<std::int32_t>(value);
  }
  template <typename T>
  T read_plain() {
    T value{};
    const auto bytes = take(sizeof(T));
    if (bytes.size() == sizeof(T)) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }
  bool read_bool() {
    const auto byte = read_plain<std::uint8_t>();
    if (byte > 1) x_is_broken = true;
    return byte == 1;
  }
  /// Text or bytes behind their length.
  std::string_view read_text() {
    const auto size = read_long();
    if (size < 0 || size > INT32_MAX) x_is_broken = true;
    return x_is_broken ? std::string_view() : take(static_cast<std::size_t>(size));
  }
  std::string_view take(std::size_t size) {
    if (size > left()) {
      x_is_broken = true;
      x_at = x_end;
      return {};
    }
    const std::string_view bytes(x_at, size);
    x_at += size;
    return bytes;
  }
  void mark_broken() { x_is_broken = true; }
  /// To be called for each value that may take no byte: such values could be claimed without end,
  /// so there may be only so many for the bytes that were read.
  void visit() {
    if (++x_visits > kFreeVisits + kVisitsAByte * static_cast<std::uint64_t>(x_at - x_begin)) {
      x_is_broken = true;
    }
  }

 private:
  static constexpr std::uint64_t kFreeVisits = 1 << 20;
  static constexpr std::uint64_t kVisitsAByte = 256;

  const char* x_at = nullptr;
  const char* x_begin = nullptr;
  const char* x_end = nullptr;
  std::uint64_t x_visits = 0;
  bool x_is_broken = false;
};

/// The next value as JSON text, in Avro's JSON encoding but for unions, which do without the names
/// of their types. Says what is wrong with it: a text in it is no UTF-8, it is too long as JSON;
/// empty: nothing. It has been passed by in any case.
std::string read_json(const Types& types, std::uint32_t node, Cursor& cursor, std::string& out);
void skip_value(const Types& types, std::uint32_t node, Cursor& cursor);

}  // namespace leat::avro
