#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <duckdb.h>
#include "base/clock.hpp"
#include "kernels/wide.hpp"

/// The hash of a value: 64 bits, the same for values that the engine's GROUP BY holds equal.
/// docs/formats/statistics.md describes it, for a stored checksum must mean the same tomorrow.
namespace leat::kernels {

/// A strong mix of 64 bits; one to one.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

/// What makes the hashes of one column differ from those of another.
constexpr std::uint64_t column_seed(std::uint64_t column) {
  return mix((column + 1) * 0x9e3779b97f4a7c15ull);
}

/// What a null adds to the hash of its row.
constexpr std::uint64_t null_hash(std::uint64_t seed) { return mix(~seed); }

inline std::uint64_t multiply_fold(std::uint64_t a, std::uint64_t b) {
  const UInt128 product = UInt128(a) * b;
  return std::uint64_t(product) ^ std::uint64_t(product >> 64);
}

/// -0.0 and 0.0 are one value, and all NaNs are.
inline double canonical(double value) {
  if (std::isnan(value)) return std::numeric_limits<double>::quiet_NaN();
  return value == 0.0 ? 0.0 : value;
}

template <typename T>
std::uint64_t hash_of(T value, std::uint64_t seed) {
  if constexpr (sizeof(T) == 16) {
    const auto bits = UInt128(value);
    return mix(mix(std::uint64_t(bits) + seed) ^ (std::uint64_t(bits >> 64) + seed));
  } else if constexpr (std::is_floating_point_v<T>) {
    const double plain = canonical(double(value));
    std::uint64_t bits;
    std::memcpy(&bits, &plain, 8);
    return mix(bits + seed);
  } else {
    return mix(std::uint64_t(std::int64_t(value)) + seed);
  }
}

/// Of a text longer than the engine keeps inside its string struct (12 bytes).
std::uint64_t hash_long_text(const char* text, std::size_t size, std::uint64_t seed);

inline std::uint64_t hash_of(const duckdb_string_t& text, std::uint64_t seed) {
  if (text.value.inlined.length > 12) {
    return hash_long_text(text.value.pointer.ptr, text.value.inlined.length, seed);
  }
  std::uint64_t words[2];  // The length and 12 bytes, padded with zeros by the engine's rule.
  std::memcpy(words, &text, 16);
  const auto folded = multiply_fold(words[0] ^ seed, words[1] ^ 0xa0761d6478bd642full);
  return mix(folded + words[0]);
}

/// Months of 30 days, days of 24 hours, as the engine compares intervals.
struct NormalInterval {
  std::int64_t months;
  std::int64_t days;
  std::int64_t micros;
  auto operator<=>(const NormalInterval&) const = default;
};

inline NormalInterval normal(const duckdb_interval& value) {
  const auto days = value.days + value.micros / kMicrosADay;
  return {value.months + days / 30, days % 30, value.micros % kMicrosADay};
}

inline std::uint64_t hash_of(const duckdb_interval& value, std::uint64_t seed) {
  const auto parts = normal(value);
  const auto months = mix(std::uint64_t(parts.months) + seed);
  return mix(mix(months ^ std::uint64_t(parts.days)) ^ std::uint64_t(parts.micros));
}

}  // namespace leat::kernels
