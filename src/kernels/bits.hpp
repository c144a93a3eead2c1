#pragma once

#include <cstdint>
#include <cstring>

namespace leat::kernels {

/// Words that hold one bit a row.
constexpr std::uint32_t words_of(std::uint32_t rows) { return (rows + 63) / 64; }

/// The bits of word `word` that stand for rows.
constexpr std::uint64_t row_mask(std::uint32_t word, std::uint32_t rows) {
  const auto left = rows - word * 64;
  return left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
}

/// 64 bytes of 0 or 1 as one word.
inline std::uint64_t pack_bits(const std::uint8_t* flags) {
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 8; ++i) {
    std::uint64_t eight;
    std::memcpy(&eight, flags + 8 * i, 8);
    word |= ((eight * 0x0102040810204080ull) >> 56) << (8 * i);
  }
  return word;
}

/// Writes the bit `fails(row)` of each valid row; a null passes.
template <typename Fails>
void judge_rows(std::uint32_t rows, const std::uint64_t* validity, std::uint64_t* out,
                Fails&& fails) {
  for (std::uint32_t word = 0; word < words_of(rows); ++word) {
    alignas(64) std::uint8_t flags[64] = {};
    const std::uint32_t first = word * 64;
    if (rows - first >= 64) {
      for (std::uint32_t i = 0; i < 64; ++i) flags[i] = std::uint8_t(fails(first + i));
    } else {
      for (std::uint32_t i = 0; first + i < rows; ++i) flags[i] = std::uint8_t(fails(first + i));
    }
    const auto bits = pack_bits(flags);
    out[word] = validity == nullptr ? bits : bits & validity[word];
  }
}

/// The same where asking is dear, or may not be done for a null.
template <typename Fails>
void judge_valid_rows(std::uint32_t rows, const std::uint64_t* validity, std::uint64_t* out,
                      Fails&& fails) {
  for (std::uint32_t word = 0; word < words_of(rows); ++word) {
    auto valid = row_mask(word, rows) & (validity == nullptr ? ~std::uint64_t{0} : validity[word]);
    std::uint64_t bits = 0;
    for (; valid != 0; valid &= valid - 1) {
      const auto bit = std::uint32_t(__builtin_ctzll(valid));
      bits |= std::uint64_t{fails(word * 64 + bit)} << bit;
    }
    out[word] = bits;
  }
}

}  // namespace leat::kernels
