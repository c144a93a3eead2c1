#include "io/transcode.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/text_stream.hpp"

namespace leat::io {
namespace {

using namespace std::string_literals;

std::string as_utf8(std::string text, Encoding encoding, std::size_t piece = 7) {
  const auto stream = utf8_stream(std::make_unique<test::TextStream>(std::move(text)), encoding);
  std::string out;
  std::string buffer(piece, '\0');
  while (true) {
    const auto got = stream->read(buffer.data(), piece).value();
    out.append(buffer, 0, got);
    if (got < piece) return out;
  }
}

TEST(Transcode, ReadsSingleByteEncodings) {
  EXPECT_EQ(as_utf8("caf\xE9;\x80", Encoding::latin1), "caf\u00e9;\xC2\x80");
  EXPECT_EQ(as_utf8("caf\xE9;\x80\x99", Encoding::windows1252), "caf\u00e9;\u20ac\u2122");
  EXPECT_EQ(as_utf8("plain", Encoding::utf8), "plain");
}

TEST(Transcode, LeavesBytesWithoutMeaningInvalid) {
  EXPECT_EQ(as_utf8("a\x81z", Encoding::windows1252), "a\x81z");
  EXPECT_EQ(as_utf8("a\0\x00\xD8z\0"s, Encoding::utf16le), "a\xED\xA0\x80z");
  EXPECT_EQ(as_utf8("a\0\x00\xD8"s, Encoding::utf16le), "a\xED\xA0\x80");
  EXPECT_EQ(as_utf8("a\0z"s, Encoding::utf16le), "a\xFF");
}

TEST(Transcode, ReadsBothByteOrdersAndSurrogatePairs) {
  const std::string le =
      "\xFF\xFE"
      "a\0\xAC\x20\x3D\xD8\x00\xDE\n\0"s;
  EXPECT_EQ(as_utf8(le, Encoding::utf16le),
            "\uFEFF"
            "a\u20ac\U0001F600\n");
  std::string be = le;
  for (std::size_t i = 0; i < be.size(); i += 2) std::swap(be[i], be[i + 1]);
  EXPECT_EQ(as_utf8(be, Encoding::utf16be),
            "\uFEFF"
            "a\u20ac\U0001F600\n");
  EXPECT_EQ(encoding_of(le, Encoding::detect), Encoding::utf16le);
  EXPECT_EQ(encoding_of(be, Encoding::utf16), Encoding::utf16be);
  EXPECT_EQ(encoding_of("ab", Encoding::detect), Encoding::utf8);
  EXPECT_EQ(encoding_of("ab", Encoding::utf16), Encoding::utf16le);
  EXPECT_EQ(encoding_of(le, Encoding::utf8), Encoding::utf8);
}

TEST(Transcode, GivesTheSameHoweverItIsRead) {
  std::string text;
  for (int i = 0; i < 70'000; ++i) text += i % 3 == 0 ? "\x3D\xD8\x00\xDE"s : "a\0"s;
  const auto whole = as_utf8(text, Encoding::utf16le, 1 << 20);
  EXPECT_EQ(whole.size(), 70'000u / 3 * 4 + 4 + 46'666);
  for (const std::size_t piece : {1u, 2u, 3u, 65536u}) {
    EXPECT_EQ(as_utf8(text, Encoding::utf16le, piece), whole);
  }
}

}  // namespace
}  // namespace leat::io
