#include "app/row_diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat::app {
namespace {

using testing::ElementsAre;
using Rows = std::vector<engine::TextRow>;

TEST(RowDiff, the_order_of_rows_does_not_count_and_their_number_does) {
  EXPECT_TRUE(diff_rows(Rows{{"1"}, {"2"}}, Rows{{"2"}, {"1"}}, {false}).empty());
  const auto diff = diff_rows(Rows{{"1"}, {"1"}, {"3"}}, Rows{{"1"}, {"2"}}, {false});
  EXPECT_THAT(diff.missing, ElementsAre(engine::TextRow{"1"}, engine::TextRow{"3"}));
  EXPECT_THAT(diff.unexpected, ElementsAre(engine::TextRow{"2"}));
}

TEST(RowDiff, null_is_like_null_and_not_like_an_empty_text) {
  EXPECT_TRUE(diff_rows(Rows{{std::nullopt}}, Rows{{std::nullopt}}, {true}).empty());
  EXPECT_FALSE(diff_rows(Rows{{std::nullopt}}, Rows{{""}}, {true}).empty());
}

TEST(RowDiff, real_numbers_may_differ_in_the_last_digits) {
  EXPECT_TRUE(diff_rows(Rows{{"0.3"}}, Rows{{"0.30000000000000004"}}, {true}).empty());
  EXPECT_FALSE(diff_rows(Rows{{"0.3"}}, Rows{{"0.30000000000000004"}}, {false}).empty());
  EXPECT_FALSE(diff_rows(Rows{{"0.3"}}, Rows{{"0.30001"}}, {true}).empty());
}

}  // namespace
}  // namespace leat::app
