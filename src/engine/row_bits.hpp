#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace leat::engine {

/// Rows of one chunk, at most; what the engine calls its vector size.
inline constexpr std::uint32_t kChunkRows = 2048;

/// One bit for each row of a chunk.
struct RowBits {
  std::array<std::uint64_t, kChunkRows / 64> words{};

  static RowBits first(std::uint32_t rows) {
    RowBits bits;
    for (std::uint32_t word = 0; word < rows / 64; ++word) bits.words[word] = ~std::uint64_t(0);
    if (rows % 64 != 0) bits.words[rows / 64] = (std::uint64_t(1) << (rows % 64)) - 1;
    return bits;
  }
  bool test(std::uint32_t row) const { return ((words[row >> 6] >> (row & 63)) & 1) != 0; }
  void set(std::uint32_t row) { words[row >> 6] |= std::uint64_t(1) << (row & 63); }
  std::uint32_t count() const {
    std::uint32_t total = 0;
    for (const auto word : words) total += std::uint32_t(std::popcount(word));
    return total;
  }
  bool any() const {
    std::uint64_t all = 0;
    for (const auto word : words) all |= word;
    return all != 0;
  }
  RowBits& operator&=(const RowBits& other) {
    for (std::size_t i = 0; i < words.size(); ++i) words[i] &= other.words[i];
    return *this;
  }
  RowBits& operator|=(const RowBits& other) {
    for (std::size_t i = 0; i < words.size(); ++i) words[i] |= other.words[i];
    return *this;
  }
  RowBits& remove(const RowBits& other) {
    for (std::size_t i = 0; i < words.size(); ++i) words[i] &= ~other.words[i];
    return *this;
  }
  /// Calls `visit` with each row whose bit is set, in order.
  template <typename Visit>
  void each(Visit visit) const {
    for (std::uint32_t word = 0; word < words.size(); ++word) {
      for (auto left = words[word]; left != 0; left &= left - 1) {
        visit(word * 64 + std::uint32_t(std::countr_zero(left)));
      }
    }
  }
};

}  // namespace leat::engine
