#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "connectors/csv/dialect.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace leat::connectors::csv {

/// One bit a byte, lowest bit first, for 64 bytes of text.
struct ByteMasks {
  std::uint64_t quote = 0;
  std::uint64_t delimiter = 0;
  std::uint64_t lf = 0;
  std::uint64_t cr = 0;
  std::uint64_t high = 0;  ///< Bytes of 0x80 and above.
};

/// Bit i: byte i of the eight equals the byte that `pattern` repeats.
inline std::uint64_t equal_bytes(std::uint64_t eight, std::uint64_t pattern) {
  constexpr std::uint64_t kLow7 = 0x7F7F7F7F7F7F7F7F;
  const std::uint64_t x = eight ^ pattern;
  const std::uint64_t zero = ~(((x & kLow7) + kLow7) | x | kLow7);
  return ((zero >> 7) * 0x0102040810204080) >> 56;
}

/// Plain C++; the meaning that every faster version must have.
inline ByteMasks byte_masks_scalar(const char* text, const Dialect& dialect) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  const auto repeat = [](char c) { return kOnes * static_cast<unsigned char>(c); };
  ByteMasks out;
  for (unsigned i = 0; i < 64; i += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, text + i, 8);
    out.quote |= equal_bytes(eight, repeat(dialect.quote)) << i;
    out.delimiter |= equal_bytes(eight, repeat(dialect.delimiter)) << i;
    out.lf |= equal_bytes(eight, repeat('\n')) << i;
    out.cr |= equal_bytes(eight, repeat('\r')) << i;
    out.high |= equal_bytes(eight & (kOnes * 0x80), kOnes * 0x80) << i;
  }
  return out;
}

#if defined(__SSE2__)

/// The baseline of x86-64.
inline ByteMasks byte_masks_sse2(const char* text, const Dialect& dialect) {
  const __m128i quote = _mm_set1_epi8(dialect.quote);
  const __m128i delimiter = _mm_set1_epi8(dialect.delimiter);
  const __m128i lf = _mm_set1_epi8('\n');
  const __m128i cr = _mm_set1_epi8('\r');
  const auto bits = [](__m128i bytes) {
    return std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(bytes))};
  };
  ByteMasks out;
  for (unsigned i = 0; i < 64; i += 16) {
    const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + i));
    out.quote |= bits(_mm_cmpeq_epi8(part, quote)) << i;
    out.delimiter |= bits(_mm_cmpeq_epi8(part, delimiter)) << i;
    out.lf |= bits(_mm_cmpeq_epi8(part, lf)) << i;
    out.cr |= bits(_mm_cmpeq_epi8(part, cr)) << i;
    out.high |= bits(part) << i;
  }
  return out;
}

#endif

/// Of the 64 bytes at `text`, all of which must be readable.
inline ByteMasks byte_masks(const char* text, const Dialect& dialect) {
#if defined(__SSE2__)
  return byte_masks_sse2(text, dialect);
#else
  return byte_masks_scalar(text, dialect);
#endif
}

/// The lowest `count` bits, 0 to 64.
inline std::uint64_t low_bits(unsigned count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

/// Counts bits of a word that has few; a loop beats the library call of CPUs without POPCNT.
inline unsigned count_few(std::uint64_t bits) {
  unsigned count = 0;
  for (; bits != 0; bits &= bits - 1) ++count;
  return count;
}

inline unsigned lowest_bit(std::uint64_t bits) {
  return static_cast<unsigned>(std::countr_zero(bits));
}

/// Bit i: an odd number of bits is set among the bits 0 to i.
inline std::uint64_t prefix_xor(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

}  // namespace leat::connectors::csv
