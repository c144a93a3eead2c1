#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "kernels/wide.hpp"

namespace leat::connectors::postgres {

/// Bytes that grow at their end and are not cleared first.
class WireBytes {
 public:
  std::string_view view() const { return {x_bytes.get(), x_size}; }
  std::size_t size() const { return x_size; }
  void clear() { x_size = 0; }

  char* grow(std::size_t size) {
    if (x_size + size > x_capacity) enlarge(x_size + size);
    char* const at = x_bytes.get() + x_size;
    x_size += size;
    return at;
  }
  void put(std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(grow(bytes.size()), bytes.data(), bytes.size());
  }
  /// Big-endian, as the server has its numbers.
  template <typename T>
  void put_number(T value) {
    write_number(grow(sizeof(T)), value);
  }
  template <typename T>
  static void write_number(char* at, T value) {
    if constexpr (sizeof(T) == 2) {
      const auto bits = __builtin_bswap16(std::uint16_t(value));
      std::memcpy(at, &bits, sizeof bits);
    } else if constexpr (sizeof(T) == 4) {
      const auto bits = __builtin_bswap32(std::uint32_t(value));
      std::memcpy(at, &bits, sizeof bits);
    } else {
      static_assert(sizeof(T) == 8);
      const auto bits = __builtin_bswap64(std::uint64_t(value));
      std::memcpy(at, &bits, sizeof bits);
    }
  }

 private:
  void enlarge(std::size_t needed) {
    std::size_t capacity = x_capacity == 0 ? 1u << 16 : x_capacity * 2;
    while (capacity < needed) capacity *= 2;
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (x_size > 0) std::memcpy(bytes.get(), x_bytes.get(), x_size);
    x_bytes = std::move(bytes);
    x_capacity = capacity;
  }

  std::unique_ptr<char[]> x_bytes;
  std::size_t x_size = 0;
  std::size_t x_capacity = 0;
};

/// The number that stands at `at`, big-endian.
template <typename T>
T read_number(const char* at) {
  if constexpr (sizeof(T) == 1) {
    return T(*at);
  } else if constexpr (sizeof(T) == 2) {
    std::uint16_t bits;
    std::memcpy(&bits, at, sizeof bits);
    return T(__builtin_bswap16(bits));
  } else if constexpr (sizeof(T) == 4) {
    std::uint32_t bits;
    std::memcpy(&bits, at, sizeof bits);
    return std::bit_cast<T>(__builtin_bswap32(bits));
  } else {
    static_assert(sizeof(T) == 8);
    std::uint64_t bits;
    std::memcpy(&bits, at, sizeof bits);
    return std::bit_cast<T>(__builtin_bswap64(bits));
  }
}

/// The server's days and microseconds count from 2000-01-01, the engine's from 1970-01-01.
constexpr std::int32_t kDaysBetween = 10'957;
constexpr std::int64_t kMicrosBetween = std::int64_t{kDaysBetween} * 86'400'000'000;

}  // namespace leat::connectors::postgres
