#include "base/counted.hpp"

#include <gtest/gtest.h>

namespace leat {
namespace {

TEST(Counts, are_said_as_people_say_them) {
  EXPECT_EQ(counted(0, "row"), "0 rows");
  EXPECT_EQ(counted(1, "row"), "1 row");
  EXPECT_EQ(counted(12'000'000, "row"), "12,000,000 rows");
  EXPECT_EQ(counted(1, "publish", "publishes"), "1 publish");
  EXPECT_EQ(counted(2, "publish", "publishes"), "2 publishes");
}

}  // namespace
}  // namespace leat
