#include <gtest/gtest.h>

#include "clients/parquet_levels/level_runs.hpp"
#include "clients/parquet_levels/thrift.hpp"
#include "clients/parquet_levels/unpack.hpp"

namespace leat::parquet_levels {
namespace {

using namespace std::string_view_literals;

TEST(Levels, come_in_runs_and_in_groups) {
  // Five times 0, then a group of eight: 1 0 1 1 0 0 0 0.
  const auto counted = count_levels("\x0A\x00\x03\x0D"sv, 9, 1);
  ASSERT_TRUE(counted);
  EXPECT_EQ(counted->zeros, 6u);
  EXPECT_EQ(counted->first, 0);
  EXPECT_EQ(count_levels("\x02\x01"sv, 1, 1)->first, 1);
}

TEST(Levels, that_are_too_few_or_too_great_are_refused) {
  EXPECT_FALSE(count_levels("\x0A\x00"sv, 6, 1));
  EXPECT_FALSE(count_levels("\x0A\x02"sv, 5, 1));
  EXPECT_FALSE(count_levels("\x00\x00\x00\x00"sv, 1, 1));
  EXPECT_FALSE(count_levels("\x05\x0D"sv, 16, 1));
  EXPECT_FALSE(count_levels(""sv, 1, 1));
  EXPECT_TRUE(count_levels(""sv, 0, 1));
}

TEST(Pages, are_unpacked_from_snappy_and_lz4) {
  // 12 bytes: "ab", then ten bytes from two back.
  EXPECT_EQ(unpack_snappy("\x0C\x04"
                          "ab"
                          "\x26\x02\x00"sv,
                          12)
                .value_or(""),
            "abababababab");
  EXPECT_EQ(unpack_lz4("\x26"
                       "ab"
                       "\x02\x00\x00"sv,
                       12)
                .value_or(""),
            "abababababab");
}

TEST(Pages, that_are_broken_stay_within_their_bounds) {
  EXPECT_FALSE(
      unpack_snappy("\x0C\x04"
                    "ab"
                    "\x26\x03\x00"sv,
                    12));
  EXPECT_FALSE(
      unpack_snappy("\x0C\x04"
                    "ab"sv,
                    12));
  EXPECT_FALSE(unpack_snappy("\x0C\xFC\xFF\xFF\xFF\xFF"sv, 12));
  EXPECT_FALSE(
      unpack_lz4("\x26"
                 "ab"
                 "\x00\x00\x00"sv,
                 12));
  EXPECT_FALSE(unpack_lz4("\xFF"sv, 12));
  EXPECT_FALSE(
      unpack_lz4("\x26"
                 "ab"
                 "\x02\x00\x00"sv,
                 11));
}

TEST(Metadata, is_read_field_by_field) {
  // {1: 5, 3: "hi", 20: list of two structs}
  Thrift from("\x15\x0A\x28\x02hi\x09\x28\x2C\x15\x02\x00\x15\x04\x00\x00"sv);
  std::int64_t sum = 0;
  std::string text;
  from.fields([&](int id, Thrift::Type) {
    if (id == 1) return sum += from.integer(), true;
    if (id == 3) return text = std::string(from.binary()), true;
    if (id != 20) return false;
    from.items(
        [&] { from.fields([&](int, Thrift::Type) { return sum += from.integer(), true; }); });
    return true;
  });
  EXPECT_FALSE(from.is_broken());
  EXPECT_EQ(sum, 5 + 1 + 2);
  EXPECT_EQ(text, "hi");
}

TEST(Metadata, that_nests_without_end_is_broken) {
  const std::string deep(10'000, '\x1C');
  Thrift from(deep);
  from.fields([](int, Thrift::Type) { return false; });
  EXPECT_TRUE(from.is_broken());
}

}  // namespace
}  // namespace leat::parquet_levels
