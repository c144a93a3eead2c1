#include "plan/order_models.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace leat::plan {
namespace {

using ::testing::ElementsAre;

TEST(OrderModels, puts_each_after_what_it_reads) {
  const auto order = order_models({{"c", {"b", "raw"}}, {"a", {"raw"}}, {"b", {"a"}}});
  EXPECT_THAT(order.order, ElementsAre(1, 2, 0));
  EXPECT_TRUE(order.cycles.empty());
}

TEST(OrderModels, names_a_cycle_once_and_leaves_out_what_hangs_on_it) {
  const auto order =
      order_models({{"a", {"b"}}, {"b", {"c"}}, {"c", {"a"}}, {"d", {"a"}}, {"e", {"raw"}}});
  ASSERT_EQ(order.cycles.size(), 1u);
  EXPECT_THAT(order.cycles[0], ElementsAre("a", "b", "c", "a"));
  EXPECT_THAT(order.order, ElementsAre(4));
}

TEST(OrderModels, a_model_that_reads_itself_is_a_cycle) {
  EXPECT_THAT(order_models({{"a", {"a"}}}).cycles[0], ElementsAre("a", "a"));
}

}  // namespace
}  // namespace leat::plan
