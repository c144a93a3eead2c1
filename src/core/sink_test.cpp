#include "core/sink.hpp"

#include <gtest/gtest.h>

namespace leat {
namespace {

Receipt receipt_of(const char* sink, std::uint8_t number) {
  Receipt receipt;
  receipt.lane = {"p", sink, "main"};
  receipt.publish_id = *parse_uuid("00000000-0000-7000-8000-00000000000" + std::to_string(number));
  return receipt;
}

const Lane kOwn{"p", "own"};

TEST(TipsOfATarget, are_the_last_of_each_lane_parted_by_the_own_one) {
  LaneTips tips;
  EXPECT_FALSE(tips.take(receipt_of("a", 7), kOwn));
  EXPECT_FALSE(tips.take(receipt_of("b", 6), kOwn));
  EXPECT_FALSE(tips.take(receipt_of("a", 5), kOwn));
  EXPECT_TRUE(tips.take(receipt_of("own", 4), kOwn));
  EXPECT_FALSE(tips.take(receipt_of("b", 3), kOwn));
  EXPECT_FALSE(tips.take(receipt_of("c", 2), kOwn));
  EXPECT_TRUE(tips.take(receipt_of("own", 1), kOwn));
  ASSERT_TRUE(tips.own);
  EXPECT_EQ(tips.own->publish_id, receipt_of("own", 4).publish_id);
  ASSERT_EQ(tips.newer.size(), 2u);
  EXPECT_EQ(tips.newer[0].publish_id, receipt_of("a", 7).publish_id);
  EXPECT_EQ(tips.newer[1].publish_id, receipt_of("b", 6).publish_id);
  ASSERT_EQ(tips.older.size(), 1u);
  EXPECT_EQ(tips.older[0].publish_id, receipt_of("c", 2).publish_id);
}

TEST(TipsOfATarget, are_all_newer_before_the_first_publish_of_the_lane) {
  LaneTips tips;
  tips.take(receipt_of("a", 2), kOwn);
  tips.take(receipt_of("b", 1), kOwn);
  EXPECT_FALSE(tips.own);
  EXPECT_EQ(tips.newer.size(), 2u);
  EXPECT_TRUE(tips.older.empty());
}

TEST(TipsOfATarget, are_not_those_of_other_lanes_of_the_same_sink) {
  LaneTips tips;
  auto interval = receipt_of("own", 6);
  interval.lane.lane = "2024-01-01T00:00:00Z/2024-01-02T00:00:00Z";
  EXPECT_FALSE(tips.take(interval, kOwn));
  EXPECT_TRUE(tips.take(receipt_of("own", 4), kOwn));
  interval.publish_id = receipt_of("own", 3).publish_id;
  EXPECT_FALSE(tips.take(interval, kOwn));
  EXPECT_EQ(tips.own->publish_id, receipt_of("own", 4).publish_id);
  EXPECT_TRUE(tips.newer.empty());
  EXPECT_TRUE(tips.older.empty());
}

TEST(TipsOfATarget, refuse_a_publish_that_does_not_know_of_them) {
  PublishPlan plan;
  LaneTips tips;
  tips.take(receipt_of("a", 5), kOwn);
  tips.take(receipt_of("own", 3), kOwn);
  tips.take(receipt_of("b", 2), kOwn);
  EXPECT_TRUE(require_seen(plan, tips, "t").ok());
  plan.others_seen = std::vector<Uuid>{receipt_of("a", 4).publish_id};
  const auto refused = require_seen(plan, tips, "t");
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().is_refused());
  plan.others_seen->push_back(tips.newer[0].publish_id);
  EXPECT_TRUE(require_seen(plan, tips, "t").ok());
}

}  // namespace
}  // namespace leat
