#include "connectors/csv/guess_moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat::connectors::csv {
namespace {

ColumnMoments moments(const std::vector<std::string>& values) {
  ColumnMoments out;
  for (const auto& value : values) out.look_at(value);
  return out;
}

std::string pattern(const std::vector<std::string>& values) { return moments(values).pattern(); }

TEST(GuessMoments, finds_dates_that_tell_the_day_from_the_month) {
  EXPECT_EQ(pattern({"31.01.2024", "5.2.2024"}), "%d.%m.%Y");
  EXPECT_EQ(pattern({"1/31/2024", "", "-", "12/5/2024"}), "%m/%d/%Y");
  EXPECT_EQ(pattern({"1/31/24", "12/5/24"}), "%m/%d/%y");
  EXPECT_EQ(pattern({"31.01.24", "05.02.24"}), "%d.%m.%y");
  EXPECT_EQ(pattern({"31-Jan-2024", "05-FEB-2024"}), "%d-%b-%Y");
  EXPECT_EQ(pattern({"31 January 2024", "5 Feb 2024"}), "%d %b %Y");
  EXPECT_EQ(pattern({"Jan 31, 2024", "February 5, 2024"}), "%b %d, %Y");
  EXPECT_EQ(pattern({"2024/01/31", "2024/02/05"}), "%Y/%m/%d");
  EXPECT_EQ(pattern({"2024-1-31", "2024-12-05"}), "%Y-%m-%d");
}

TEST(GuessMoments, finds_timestamps_with_half_days_and_zones) {
  EXPECT_EQ(pattern({"31.01.2024 13:05", "05.02.2024 9:00"}), "%d.%m.%Y %H:%M");
  EXPECT_EQ(pattern({"1/31/2024 1:05:00 PM", "12/5/2024 2:06:07 am"}), "%m/%d/%Y %I:%M:%S %p");
  EXPECT_EQ(pattern({"2024/01/31T13:05:00.25"}), "%Y/%m/%dT%H:%M:%S.%f");
  EXPECT_EQ(pattern({"31-Jan-2024 13:05 +02:00", "05-Feb-2024 13:05 Z"}), "%d-%b-%Y %H:%M %z");
}

TEST(GuessMoments, leaves_alone_what_may_be_read_in_two_ways) {
  for (const auto& values :
       std::vector<std::vector<std::string>>{{"01/02/2024", "03/04/2024"},
                                             {"31/01/2024", "01/31/2024"},
                                             {"31.01.2024", "05-02-2024"},
                                             {"31/01/24"},
                                             {"13.1.12", "14.2.10"},
                                             {"10.0.0.1"},
                                             {"31.01.2024", "soon"},
                                             {"31.01.2024 13:05", "31.01.2024"},
                                             {"1.5", "7"},
                                             {"May"},
                                             {""}}) {
    EXPECT_EQ(pattern(values), "") << values[0];
  }
}

TEST(GuessMoments, knows_columns_of_which_no_value_tells_the_day_from_the_month) {
  using testing::ElementsAre;
  EXPECT_THAT(moments({"01/02/2024", "3/4/2024"}).both_orders(),
              ElementsAre("%d/%m/%Y", "%m/%d/%Y"));
  EXPECT_THAT(moments({"01.02.2024 13:05"}).both_orders(),
              ElementsAre("%d.%m.%Y %H:%M", "%m.%d.%Y %H:%M"));
  for (const auto& values : std::vector<std::vector<std::string>>{{"31/01/2024", "01/02/2024"},
                                                                  {"01/02/2024", "soon"},
                                                                  {"01/02/2024", "13/14/2024"},
                                                                  {"01/02/24"},
                                                                  {"2024-01-02"},
                                                                  {"2-Jan-2024"},
                                                                  {""}}) {
    EXPECT_TRUE(moments(values).both_orders().empty()) << values[0];
  }
}

TEST(GuessMoments, has_no_pattern_for_iso) {
  EXPECT_EQ(pattern({"2024-01-31", "2024-02-05"}), "");
  EXPECT_EQ(pattern({"2024-01-31 06:00", "2024-02-05 06:00:00.5", "2024-02-05"}), "");
  EXPECT_EQ(pattern({"2024-01-31 10:00:00", "2024-01-30", "2024-1-5", "2024-2-6"}), "");
}

}  // namespace
}  // namespace leat::connectors::csv
