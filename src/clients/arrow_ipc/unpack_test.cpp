#include "clients/arrow_ipc/unpack.hpp"

#include <gtest/gtest.h>
#include <lz4frame.h>
#include <zstd.h>

#include <cstring>
#include <random>

namespace leat::arrow_ipc {
namespace {

std::string with_length(std::int64_t length, const std::string& frame) {
  std::string out(8, '\0');
  std::memcpy(out.data(), &length, 8);
  return out + frame;
}

std::string packed(Codec codec, const std::string& plain) {
  std::string frame(ZSTD_compressBound(plain.size()) + 1'000, '\0');
  const auto size =
      codec == Codec::zstd
          ? ZSTD_compress(frame.data(), frame.size(), plain.data(), plain.size(), 1)
          : LZ4F_compressFrame(frame.data(), frame.size(), plain.data(), plain.size(), nullptr);
  frame.resize(size);
  return with_length(std::int64_t(plain.size()), frame);
}

std::string some_bytes(std::size_t size) {
  std::mt19937_64 random(size);
  std::string out(size, 'x');
  for (auto& c : out) c = static_cast<char>('a' + random() % 5);
  return out;
}

class Unpack : public testing::TestWithParam<Codec> {};

TEST_P(Unpack, gives_back_what_was_packed) {
  for (const std::size_t size : {1, 100, 70'000, 5'000'000}) {
    std::string room;
    const auto plain = some_bytes(size);
    EXPECT_EQ(unpack(GetParam(), packed(GetParam(), plain), room).value(), plain);
  }
}

TEST_P(Unpack, takes_what_was_not_worth_packing_as_it_is) {
  std::string room;
  const auto bytes = with_length(-1, "as it was");
  EXPECT_EQ(unpack(GetParam(), bytes, room).value(), "as it was");
  EXPECT_EQ(unpack(GetParam(), "", room).value(), "");
  EXPECT_EQ(unpack(GetParam(), with_length(0, ""), room).value(), "");
}

TEST_P(Unpack, refuses_what_is_cut_off_or_says_another_length) {
  const auto plain = some_bytes(3'000);
  const auto whole = packed(GetParam(), plain);
  std::string room;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_FALSE(unpack(GetParam(), whole.substr(0, size), room).ok()) << size;
  }
  for (const std::int64_t length : {-2L, 1L, 2'999L, 3'001L, 1L << 40}) {
    EXPECT_FALSE(unpack(GetParam(), with_length(length, whole.substr(8)), room).ok()) << length;
  }
}

TEST_P(Unpack, stays_within_its_bounds_where_a_byte_is_changed) {
  const auto whole = packed(GetParam(), some_bytes(300));
  std::string room;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char with : {'\0', '\x7F', '\xFF'}) {
      auto bad = whole;
      bad[at] = with;
      const auto found = unpack(GetParam(), bad, room);
      EXPECT_TRUE(!found.ok() || at < 8 || found->size() == 300) << at;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Codecs, Unpack, testing::Values(Codec::lz4_frame, Codec::zstd));

}  // namespace
}  // namespace leat::arrow_ipc
