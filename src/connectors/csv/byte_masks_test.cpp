#include "connectors/csv/byte_masks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

namespace leat::connectors::csv {
namespace {

void expect_masks(const ByteMasks& masks, const std::string& text, const Dialect& dialect) {
  for (unsigned i = 0; i < 64; ++i) {
    const auto bit = [i](std::uint64_t mask) { return ((mask >> i) & 1) != 0; };
    ASSERT_EQ(bit(masks.quote), text[i] == dialect.quote);
    ASSERT_EQ(bit(masks.delimiter), text[i] == dialect.delimiter);
    ASSERT_EQ(bit(masks.lf), text[i] == '\n');
    ASSERT_EQ(bit(masks.cr), text[i] == '\r');
    ASSERT_EQ(bit(masks.high), static_cast<unsigned char>(text[i]) >= 0x80);
  }
}

TEST(ByteMasksTest, EveryVersionSeesWhatALoopSees) {
  std::mt19937_64 random(1);
  for (int turn = 0; turn < 5'000; ++turn) {
    std::string text(3 * 64, '\0');
    for (char& c : text) {
      const bool is_any = random() % 2 == 0;
      c = is_any ? static_cast<char>(random()) : ",\"\n\r\x80\xAC\xA2\x8D\x8A"[random() % 9];
    }
    const Dialect dialect{.delimiter = turn % 2 == 0 ? ',' : '\t'};
    for (const FindBytes find : {find_bytes_scalar, find_bytes_avx2}) {
      if (find == find_bytes_avx2 && !is_newer_cpu()) continue;
      std::array<ByteMasks, 3> masks;
      find(text.data(), masks.size(), dialect, masks.data());
      for (std::size_t i = 0; i < masks.size(); ++i) {
        expect_masks(masks[i], text.substr(64 * i, 64), dialect);
      }
    }
  }
}

TEST(ByteMasksTest, EveryVersionStopsAtTheFirstPieceThatIsNotPlain) {
  std::mt19937_64 random(3);
  for (int turn = 0; turn < 5'000; ++turn) {
    std::string text(8 * 64, 'a');
    for (char& c : text) {
      if (random() % 8 == 0) c = ",\n\xC3;"[random() % 4];
      if (random() % 300 == 0) c = "\"\r"[random() % 2];
    }
    const Dialect dialect{.has_delimiter = turn % 3 != 0, .has_quote = turn % 2 == 0};
    const std::size_t plain =
        std::min(text.find_first_of(dialect.has_quote ? "\"\r" : "\r") / 64, std::size_t{8});
    for (const FindPlain find : {find_plain_scalar, find_plain_avx2}) {
      if (find == find_plain_avx2 && !is_newer_cpu()) continue;
      std::array<PlainPiece, 8> pieces;
      bool has_high = false;
      ASSERT_EQ(find(text.data(), pieces.size(), dialect, pieces.data(), has_high), plain);
      EXPECT_EQ(has_high, text.find('\xC3') < plain * 64);
      for (std::size_t i = 0; i < plain * 64; ++i) {
        const auto bit = [i](std::uint64_t mask) { return ((mask >> (i % 64)) & 1) != 0; };
        ASSERT_EQ(bit(pieces[i / 64].delimiters), dialect.has_delimiter && text[i] == ',');
        ASSERT_EQ(bit(pieces[i / 64].line_feeds), text[i] == '\n');
      }
    }
  }
}

TEST(ByteMasksTest, CountsAndFindsBits) {
  std::mt19937_64 random(2);
  for (int turn = 0; turn < 1'000; ++turn) {
    const std::uint64_t bits = random() & random() & (random() | 1);
    EXPECT_EQ(count_bits(bits), unsigned(std::popcount(bits)));
    if (bits == 0) continue;
    EXPECT_EQ(bits >> lowest_bit(bits) & 1, 1u);
    EXPECT_EQ(bits >> highest_bit(bits), 1u);
  }
  EXPECT_EQ(count_bits(~std::uint64_t{0}), 64u);
}

TEST(ByteMasksTest, PrefixXorMarksWhatLiesBetweenPairs) {
  EXPECT_EQ(prefix_xor(0b10010), 0b01110u);
  EXPECT_EQ(prefix_xor(1), ~std::uint64_t{0});
  EXPECT_EQ(low_bits(0), 0u);
  EXPECT_EQ(low_bits(64), ~std::uint64_t{0});
}

}  // namespace
}  // namespace leat::connectors::csv
