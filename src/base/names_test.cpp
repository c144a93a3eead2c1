#include "base/names.hpp"

#include <gtest/gtest.h>

namespace leat {
namespace {

TEST(Names, are_the_same_whatever_the_case_of_ascii_letters) {
  EXPECT_TRUE(is_same_name("", ""));
  EXPECT_TRUE(is_same_name("Zip_Code1", "zIP_cODE1"));
  EXPECT_FALSE(is_same_name("c1", "c2"));
  EXPECT_FALSE(is_same_name("a", "aa"));
  EXPECT_FALSE(is_same_name("[", "{"));
  EXPECT_FALSE(is_same_name("Ä", "ä"));
}

}  // namespace
}  // namespace leat
