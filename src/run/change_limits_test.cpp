#include "run/change_limits.hpp"

#include <gtest/gtest.h>

namespace leat::run {
namespace {

plan::MaxChange limits(std::optional<double> added, std::optional<double> removed,
                       std::optional<double> changed) {
  return {added, removed, changed};
}

TEST(ChangeLimits, are_kept_at_the_limit_and_broken_beyond_it) {
  Difference difference{.before = 1000, .added = 5, .removed = 100, .changed = 0};
  EXPECT_TRUE(breaches_of(difference, limits({}, 0.1, {}), "out").empty());
  difference.removed = 101;
  const auto reasons = breaches_of(difference, limits({}, 0.1, {}), "out");
  ASSERT_EQ(reasons.size(), 1u);
  EXPECT_EQ(reasons[0],
            "out: 101 rows would be removed where 1,000 are: 10.1%, above 10% "
            "(policy.max_change.removed)");
}

TEST(ChangeLimits, are_told_each_by_itself) {
  const Difference difference{.before = 10, .added = 20, .removed = 1, .changed = 9};
  EXPECT_EQ(breaches_of(difference, limits(1.0, 0.0, 0.5), "out").size(), 3u);
  EXPECT_EQ(breaches_of(difference, limits({}, {}, 0.5), "out").size(), 1u);
}

TEST(ChangeLimits, judge_nothing_where_nothing_was) {
  EXPECT_TRUE(breaches_of({.before = 0, .added = 9}, limits(0.0, 0.0, 0.0), "out").empty());
}

TEST(ChangeLimits, refuse_a_publish_unless_they_only_warn) {
  const auto verdict = std::make_shared<ChangeVerdict>();
  verdict->limits = limits({}, 0.0, {});
  const Difference difference{.before = 2, .removed = 1};
  EXPECT_FALSE(judge_of(verdict)(difference).ok());
  EXPECT_TRUE(verdict->is_refused);
  const auto warned = std::make_shared<ChangeVerdict>(*verdict);
  warned->is_refused = false;
  warned->on_breach = OnBreach::warn;
  EXPECT_TRUE(judge_of(warned)(difference).ok());
  EXPECT_EQ(warned->reasons.size(), 1u);
  EXPECT_FALSE(warned->is_refused);
}

}  // namespace
}  // namespace leat::run
