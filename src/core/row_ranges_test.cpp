#include "core/row_ranges.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace leat {
namespace {

using Ranges = std::vector<RowRanges::Range>;

TEST(RowRanges, ranges_that_meet_become_one) {
  RowRanges rows;
  rows.add(5, 7);
  rows.add(2);
  rows.add(3, 5);
  rows.add(9, 9);
  EXPECT_EQ(rows.ranges(), (Ranges{{2, 7}}));
  EXPECT_EQ(rows.count(), 5u);
}

TEST(RowRanges, a_row_is_in_it_or_not) {
  const RowRanges rows(Ranges{{10, 12}, {0, 1}});
  for (const std::uint64_t row : {0, 10, 11}) EXPECT_TRUE(rows.contains(row)) << row;
  for (const std::uint64_t row : {1, 9, 12}) EXPECT_FALSE(rows.contains(row)) << row;
}

TEST(RowRanges, it_is_the_set_that_it_stands_for) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::set<std::uint64_t> sets[2];
    RowRanges ranges[2];
    for (int i = 0; i < 2; ++i) {
      for (int n = 0; n < 12; ++n) {
        const std::uint64_t first = random() % 40;
        const std::uint64_t end = first + random() % 6;
        ranges[i].add(first, end);
        for (auto row = first; row < end; ++row) sets[i].insert(row);
      }
      EXPECT_EQ(ranges[i].count(), sets[i].size());
    }
    const auto both = ranges[0].shared_with(ranges[1]);
    for (std::uint64_t row = 0; row < 50; ++row) {
      EXPECT_EQ(ranges[0].contains(row), sets[0].contains(row));
      EXPECT_EQ(both.contains(row), sets[0].contains(row) && sets[1].contains(row));
    }
  }
}

}  // namespace
}  // namespace leat
