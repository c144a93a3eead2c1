#include "kernels/zeroed_bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace leat::kernels {
namespace {

/// From the heap to pages, to huge pages and to more of them: what was there stays, the rest is 0.
TEST(ZeroedBytesTest, KeepsItsBytesWhileItGrows) {
  ZeroedBytes bytes;
  EXPECT_EQ(bytes.data(), nullptr);
  std::size_t before = 0;
  for (const std::size_t size : {100, 60'000, 65'537, 700'000, 1'000'000, 1'100'000, 2'000'000,
                                 3'000'000, 9'000'001, 20'000'000}) {
    ASSERT_TRUE(bytes.grow(size));
    ASSERT_EQ(bytes.size(), size);
    const auto* data = bytes.data();
    EXPECT_TRUE(std::all_of(data, data + before, [](char byte) { return byte == 7; })) << size;
    EXPECT_TRUE(std::all_of(data + before, data + size, [](char byte) { return byte == 0; }))
        << size;
    std::fill_n(bytes.data(), size, char{7});
    before = size;
  }
}

TEST(ZeroedBytesTest, StaysAsItIsWhereThereIsNoMemory) {
  ZeroedBytes bytes;
  ASSERT_TRUE(bytes.grow(3'000'000));
  std::fill_n(bytes.data(), 3'000'000, char{7});
  EXPECT_FALSE(bytes.grow(std::size_t{1} << 60));
  EXPECT_EQ(bytes.size(), 3'000'000u);
  EXPECT_EQ(bytes.data()[2'999'999], 7);
}

}  // namespace
}  // namespace leat::kernels
