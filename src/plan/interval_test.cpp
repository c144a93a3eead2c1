#include "plan/interval.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Intervals : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = engine::Session::open({});
    ASSERT_TRUE(opened.ok());
    x_session = std::move(opened).value();
  }

  std::vector<std::string> until(const IntervalRule& rule, const std::string& now) {
    const auto found = intervals_until(rule, *parse_instant(now), *x_session);
    EXPECT_TRUE(found.ok()) << found.error().text();
    std::vector<std::string> lanes;
    if (!found.ok()) return lanes;
    for (const auto& interval : *found) lanes.push_back(interval.lane());
    return lanes;
  }

  std::string complaint(const IntervalRule& rule) {
    const auto found = first_interval(rule, *x_session);
    return found.ok() ? "" : found.error().text() + " | " + found.error().hint_text();
  }

  std::unique_ptr<engine::Session> x_session;
};

IntervalRule rule_of(IntervalUnit unit, const std::string& start, const std::string& zone) {
  IntervalRule rule;
  rule.unit = unit;
  rule.start = start;
  rule.timezone = zone;
  return rule;
}

TEST_F(Intervals, AreThoseThatHaveEnded) {
  const auto rule = rule_of(IntervalUnit::day, "2024-01-01", "UTC");
  EXPECT_THAT(until(rule, "2024-01-01T23:59:59Z"), ElementsAre());
  EXPECT_THAT(until(rule, "2024-01-02T00:00:00Z"),
              ElementsAre("2024-01-01T00:00:00Z/2024-01-02T00:00:00Z"));
  EXPECT_EQ(until(rule, "2034-01-01T00:00:00Z").size(), 3653u);
  EXPECT_THAT(until(rule, "2020-01-01T00:00:00Z"), ElementsAre());
}

TEST_F(Intervals, OfADayHave23Or25Hours) {
  const auto rule = rule_of(IntervalUnit::day, "2024-03-30", "Europe/Berlin");
  EXPECT_THAT(until(rule, "2024-04-01T00:00:00Z"),
              ElementsAre("2024-03-29T23:00:00Z/2024-03-30T23:00:00Z",
                          "2024-03-30T23:00:00Z/2024-03-31T22:00:00Z"));
  const auto autumn = rule_of(IntervalUnit::day, "2024-10-27", "Europe/Berlin");
  EXPECT_THAT(until(autumn, "2024-10-28T00:00:00Z"),
              ElementsAre("2024-10-26T22:00:00Z/2024-10-27T23:00:00Z"));
}

TEST_F(Intervals, OfADayMayBeginAfterMidnight) {
  const auto rule = rule_of(IntervalUnit::day, "2018-11-03", "America/Sao_Paulo");
  EXPECT_THAT(until(rule, "2018-11-05T04:00:00Z"),
              ElementsAre("2018-11-03T03:00:00Z/2018-11-04T03:00:00Z",
                          "2018-11-04T03:00:00Z/2018-11-05T02:00:00Z"));
}

TEST_F(Intervals, OfHoursGoOnThroughAnHourThatComesTwice) {
  const auto rule = rule_of(IntervalUnit::hour, "2024-11-03 00:00", "America/New_York");
  EXPECT_EQ(until(rule, "2024-11-04T05:00:00Z").size(), 25u);
}

TEST_F(Intervals, OfMonthsAndWeeksKeepTheirDays) {
  EXPECT_THAT(until(rule_of(IntervalUnit::month, "2024-01-01", "UTC"), "2024-03-31T00:00:00Z"),
              ElementsAre("2024-01-01T00:00:00Z/2024-02-01T00:00:00Z",
                          "2024-02-01T00:00:00Z/2024-03-01T00:00:00Z"));
  EXPECT_THAT(until(rule_of(IntervalUnit::week, "2024-01-03", "UTC"), "2024-01-18T00:00:00Z"),
              ElementsAre("2024-01-03T00:00:00Z/2024-01-10T00:00:00Z",
                          "2024-01-10T00:00:00Z/2024-01-17T00:00:00Z"));
}

TEST_F(Intervals, EndWhereTheFileSays) {
  auto rule = rule_of(IntervalUnit::day, "2024-01-01", "UTC");
  rule.end = "2024-01-03";
  EXPECT_EQ(until(rule, "2030-01-01T00:00:00Z").size(), 2u);
}

TEST_F(Intervals, HaveBordersOfTheirUnit) {
  EXPECT_THAT(complaint(rule_of(IntervalUnit::month, "2024-01-02", "UTC")),
              HasSubstr("is no first day of a month | write 2024-01-01"));
  EXPECT_THAT(complaint(rule_of(IntervalUnit::day, "2024-01-01 06:00", "UTC")),
              HasSubstr("is no border of a day"));
  EXPECT_THAT(complaint(rule_of(IntervalUnit::hour, "2024-01-01 06:30", "UTC")),
              HasSubstr("is no full hour"));
  EXPECT_THAT(complaint(rule_of(IntervalUnit::day, "2024-02-30", "UTC")),
              HasSubstr("is no border of a day"));
  EXPECT_THAT(complaint(rule_of(IntervalUnit::day, "2024-01-01", "Europe/Berln")),
              HasSubstr("did you mean `Europe/Berlin`?"));
}

TEST_F(Intervals, AreToldByTheirLanes) {
  const auto first =
      first_interval(rule_of(IntervalUnit::day, "2024-03-10", "America/New_York"), *x_session);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->name, "2024-03-10");
  EXPECT_EQ(first->local_start, "2024-03-10 00:00:00");
  EXPECT_EQ(first->local_end, "2024-03-11 00:00:00");
  const auto read = interval_of_lane(first->lane());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->start, first->start);
  EXPECT_EQ(read->end, first->end);
  for (const auto* lane : {"main", "", "a/b", "2024-01-01T00:00:00Z", "replay/2024"}) {
    EXPECT_FALSE(interval_of_lane(lane)) << lane;
  }
}

TEST_F(Intervals, GiveTypedValues) {
  const auto first =
      first_interval(rule_of(IntervalUnit::day, "2024-03-10", "America/New_York"), *x_session);
  ASSERT_TRUE(first.ok());
  config::Values values;
  add_interval_values(*first, IntervalUnit::day, values);
  const auto sql = [&](config::Dialect dialect) {
    return config::sql_literal(*values.find("interval.start"), dialect);
  };
  EXPECT_EQ(sql(config::Dialect::postgres),
            "CAST('2024-03-10 05:00:00.000000+00' AS TIMESTAMP WITH TIME ZONE)");
  EXPECT_EQ(sql(config::Dialect::sqlite), "'2024-03-10 05:00:00'");
  EXPECT_EQ(values.find("interval.start")->plain, "2024-03-10");
  EXPECT_EQ(values.find("interval.end")->plain, "2024-03-11");
  EXPECT_EQ(values.find("interval.month")->text, "03");
}

}  // namespace
}  // namespace leat::plan
