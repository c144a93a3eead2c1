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

TEST(OthersInATarget, are_the_last_of_each_lane_since_the_own_one) {
  std::vector<Receipt> others;
  const Lane own{"p", "own", "main"};
  EXPECT_FALSE(collect_other(receipt_of("a", 5), own, others));
  EXPECT_FALSE(collect_other(receipt_of("b", 4), own, others));
  EXPECT_FALSE(collect_other(receipt_of("a", 3), own, others));
  EXPECT_TRUE(collect_other(receipt_of("own", 2), own, others));
  ASSERT_EQ(others.size(), 2u);
  EXPECT_EQ(others[0].publish_id, receipt_of("a", 5).publish_id);
  EXPECT_EQ(others[1].publish_id, receipt_of("b", 4).publish_id);
}

TEST(OthersInATarget, refuse_a_publish_that_does_not_know_of_them) {
  PublishPlan plan;
  const std::vector<Receipt> others{receipt_of("a", 5)};
  EXPECT_TRUE(require_seen(plan, others, "t").ok());
  plan.others_seen = std::vector<Uuid>{receipt_of("a", 4).publish_id};
  const auto refused = require_seen(plan, others, "t");
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().is_refused());
  plan.others_seen->push_back(others[0].publish_id);
  EXPECT_TRUE(require_seen(plan, others, "t").ok());
}

}  // namespace
}  // namespace leat
