#include "cli/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat::cli {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(ProgressLines, tell_rows_rate_bytes_time_and_what_is_left) {
  const auto lines =
      progress_lines("m", {{"orders", 1'000'000, 50'000'000, 200'000'000}}, seconds(2), 120);
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr("orders → m"));
  EXPECT_THAT(lines[0], HasSubstr("1,000,000 rows"));
  EXPECT_THAT(lines[0], HasSubstr("500,000/s"));
  EXPECT_THAT(lines[0], HasSubstr("50.0 MB of 200.0 MB"));
  EXPECT_THAT(lines[0], HasSubstr("6.0 s left"));
}

TEST(ProgressLines, what_is_read_to_its_end_has_no_rate) {
  EXPECT_THAT(progress_lines("a", {{"a", 20, 290, 290}}, seconds(2), 80),
              ElementsAre(HasSubstr("20 rows  all read, 290 B")));
}

TEST(ProgressLines, without_known_bytes_nothing_is_said_to_be_left) {
  const auto lines = progress_lines("a", {{"a", 20, 0, 0}}, seconds(2), 80);
  EXPECT_THAT(lines, ElementsAre(testing::Not(HasSubstr("left"))));
}

TEST(ProgressLines, never_are_wider_than_the_terminal) {
  const auto lines =
      progress_lines("a_model", {{"a_rather_long_name_of_a_source", 20, 10, 90}}, seconds(2), 40);
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_LE(lines[0].size(), 41U);  // an arrow is two bytes more than it is wide
}

}  // namespace
}  // namespace leat::cli
