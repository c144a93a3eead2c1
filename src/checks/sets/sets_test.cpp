#include <gmock/gmock.h>

#include "checks/sets/describe.hpp"
#include "support/check_compiler.hpp"

namespace leat::checks::sets {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SetChecksTest : public testing::Test {
 protected:
  SetChecksTest() { describe(x_catalog); }

  test::CompiledChecks compiled(const std::string& yaml) const {
    return test::compile_check(x_catalog, yaml, {});
  }

  Catalog x_catalog;
};

TEST_F(SetChecksTest, a_row_count_keeps_its_bounds) {
  const auto out = compiled("row_count: {min: 1, max: 10}");
  ASSERT_THAT(out.complaints, IsEmpty());
  const auto& check = out.checks.at(0);
  EXPECT_EQ(check.id, "row_count");
  EXPECT_EQ(check.check_class(), CheckClass::set);
  EXPECT_EQ(check.on_fail, OnFail::hold);
  EXPECT_EQ(check.dimension, Dimension::completeness);
  EXPECT_EQ(check.message, "row count is {value}, not within 1 to 10");
  const auto& test = std::get<SetTest>(check.test);
  EXPECT_EQ(test.measure, "row_count");
  EXPECT_EQ(test.min, 1.0);
  EXPECT_EQ(test.max, 10.0);
  EXPECT_EQ(test.equal, std::nullopt);
}

TEST_F(SetChecksTest, a_row_count_may_be_one_number) {
  const auto out = compiled("row_count: {equal: 0, name: none, on_fail: fail}");
  ASSERT_THAT(out.complaints, IsEmpty());
  EXPECT_EQ(out.checks.at(0).name, "none");
  EXPECT_EQ(out.checks.at(0).on_fail, OnFail::fail);
  EXPECT_EQ(out.checks.at(0).message, "row count is {value}, not 0");
  EXPECT_EQ(std::get<SetTest>(out.checks.at(0).test).equal, 0.0);
}

TEST_F(SetChecksTest, a_whole_dataset_cannot_go_to_quarantine) {
  EXPECT_EQ(compiled("row_count: {min: 1, on_fail: quarantine}").complaints.size(), 1u);
}

TEST_F(SetChecksTest, bounds_that_make_no_sense_are_refused) {
  EXPECT_THAT(compiled("row_count: {}").complaints,
              ElementsAre("1:12 `row_count` needs `min`, `max` or `equal`"));
  EXPECT_THAT(compiled("row_count: {min: 2, max: 1}").complaints,
              ElementsAre("1:26 `max` is below `min`: no count passes"));
  EXPECT_THAT(compiled("row_count: {equal: 2, max: 1}").complaints,
              ElementsAre("1:12 `equal` leaves nothing to say for `min` and `max`"));
  EXPECT_EQ(compiled("row_count: {min: -1}").complaints.size(), 1u);
  EXPECT_EQ(compiled("row_count: {min: 1.5}").complaints.size(), 1u);
  EXPECT_EQ(compiled("row_count: 5").complaints.size(), 1u);
  EXPECT_EQ(compiled("row_count: {min: 1, where: a > 0}").complaints.size(), 1u);
  EXPECT_THAT(compiled("row_count: {equal_to: a}").complaints.at(0),
              testing::HasSubstr("not built yet"));
}

TEST_F(SetChecksTest, its_example_compiles) {
  for (const auto& [name, entry] : x_catalog.checks()) {
    EXPECT_EQ(compiled(entry.example).checks.size(), 1u) << name;
    EXPECT_EQ(compiled(entry.example).checks.at(0).dimension, entry.dimension);
  }
}

TEST_F(SetChecksTest, checks_of_later_work_are_known_by_name) {
  EXPECT_TRUE(x_catalog.is_later_check("outliers"));
  EXPECT_TRUE(x_catalog.is_later_check("freshness"));
  EXPECT_FALSE(x_catalog.is_later_check("row_count"));
}

}  // namespace
}  // namespace leat::checks::sets
