#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "connectors/csv/dialect.hpp"

namespace leat::connectors::csv {

/// One bit a byte, lowest bit first, for 64 bytes of text.
struct ByteMasks {
  std::uint64_t quote = 0;
  std::uint64_t delimiter = 0;
  std::uint64_t lf = 0;
  std::uint64_t cr = 0;
  std::uint64_t high = 0;  ///< Bytes of 0x80 and above.
};

/// Looks at `pieces` times 64 bytes from `text` on, all of which must be readable.
using FindBytes = void (*)(const char* text, std::size_t pieces, const Dialect& dialect,
                           ByteMasks* out);

/// Plain C++; the meaning that every faster version must have.
void find_bytes_scalar(const char* text, std::size_t pieces, const Dialect& dialect,
                       ByteMasks* out);
/// By AVX2.
void find_bytes_avx2(const char* text, std::size_t pieces, const Dialect& dialect, ByteMasks* out);

/// 64 bytes without a quote or a CR, one bit a byte: most pieces of most files.
struct PlainPiece {
  std::uint64_t delimiters = 0;
  std::uint64_t line_feeds = 0;
};

/// The plain pieces among the `pieces` times 64 bytes from `text` on, up to the first that is not.
/// `has_high` becomes true when one of them holds a byte of 0x80 or above.
using FindPlain = std::size_t (*)(const char* text, std::size_t pieces, const Dialect& dialect,
                                  PlainPiece* out, bool& has_high);
std::size_t find_plain_scalar(const char* text, std::size_t pieces, const Dialect& dialect,
                              PlainPiece* out, bool& has_high);
/// By AVX2.
std::size_t find_plain_avx2(const char* text, std::size_t pieces, const Dialect& dialect,
                            PlainPiece* out, bool& has_high);

/// The processor has AVX2, BMI, BMI2 and POPCNT, which the versions for newer ones use.
bool is_newer_cpu();
/// From now on it counts as an older one, or as what it is: tests hold both versions together.
void pretend_older_cpu(bool pretend);

/// The lowest `count` bits, 0 to 64.
inline std::uint64_t low_bits(unsigned count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

inline unsigned count_bits(std::uint64_t bits) {
  return static_cast<unsigned>(__builtin_popcountll(bits));
}

/// Of a word that is not 0.
inline unsigned lowest_bit(std::uint64_t bits) {
  return static_cast<unsigned>(__builtin_ctzll(bits));
}
inline unsigned highest_bit(std::uint64_t bits) {
  return static_cast<unsigned>(std::bit_width(bits)) - 1;
}

/// Bit i: an odd number of bits is set among the bits 0 to i.
inline std::uint64_t prefix_xor(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

}  // namespace leat::connectors::csv
