#include "connectors/csv/guess_moments.hpp"

#include <gtest/gtest.h>

namespace leat::connectors::csv {
namespace {

MomentPatterns patterns(const std::vector<std::string>& values) {
  std::vector<std::vector<std::string>> records;
  for (const auto& value : values) records.push_back({value});
  return guess_moments(records, 1);
}

std::string date(const std::vector<std::string>& values) {
  const auto found = patterns(values);
  EXPECT_EQ(found.timestamp, "");
  return found.date;
}

std::string timestamp(const std::vector<std::string>& values) {
  const auto found = patterns(values);
  EXPECT_EQ(found.date, "");
  return found.timestamp;
}

TEST(GuessMoments, finds_dates_that_tell_the_day_from_the_month) {
  EXPECT_EQ(date({"31.01.2024", "5.2.2024"}), "%d.%m.%Y");
  EXPECT_EQ(date({"1/31/2024", "", "-", "12/5/2024"}), "%m/%d/%Y");
  EXPECT_EQ(date({"1/31/24", "12/5/24"}), "%m/%d/%y");
  EXPECT_EQ(date({"31.01.24", "05.02.24"}), "%d.%m.%y");
  EXPECT_EQ(date({"31-Jan-2024", "05-FEB-2024"}), "%d-%b-%Y");
  EXPECT_EQ(date({"31 January 2024", "5 Feb 2024"}), "%d %b %Y");
  EXPECT_EQ(date({"Jan 31, 2024", "February 5, 2024"}), "%b %d, %Y");
  EXPECT_EQ(date({"2024/01/31", "2024/02/05"}), "%Y/%m/%d");
  EXPECT_EQ(date({"2024-1-31", "2024-12-05"}), "%Y-%m-%d");
}

TEST(GuessMoments, finds_timestamps_with_half_days_and_zones) {
  EXPECT_EQ(timestamp({"31.01.2024 13:05", "05.02.2024 9:00"}), "%d.%m.%Y %H:%M");
  EXPECT_EQ(timestamp({"1/31/2024 1:05:00 PM", "12/5/2024 2:06:07 am"}), "%m/%d/%Y %I:%M:%S %p");
  EXPECT_EQ(timestamp({"2024/01/31T13:05:00.25"}), "%Y/%m/%dT%H:%M:%S.%f");
  EXPECT_EQ(timestamp({"31-Jan-2024 13:05 +02:00", "05-Feb-2024 13:05 Z"}), "%d-%b-%Y %H:%M %z");
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
    const auto found = patterns(values);
    EXPECT_EQ(found.date + found.timestamp, "") << values[0];
  }
}

TEST(GuessMoments, has_no_pattern_beside_iso) {
  EXPECT_EQ(date({"2024-01-31", "2024-02-05"}), "");
  EXPECT_EQ(timestamp({"2024-01-31 06:00", "2024-02-05 06:00:00.5", "2024-02-05"}), "");
  const std::vector<std::vector<std::string>> days{{"31.01.2024", "2024-01-31"}};
  EXPECT_EQ(guess_moments(days, 2).date, "");
  const std::vector<std::vector<std::string>> both{{"31.01.2024", "2024-01-31 06:00:00"}};
  EXPECT_EQ(guess_moments(both, 2).date, "%d.%m.%Y");
  EXPECT_EQ(guess_moments(both, 2).timestamp, "");
}

}  // namespace
}  // namespace leat::connectors::csv
