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
    return test::compile_check(x_catalog, yaml,
                               test::schema_of({{"a", "bigint"},
                                                {"b", "double"},
                                                {"d", "decimal(10,2)"},
                                                {"t", "varchar"},
                                                {"day", "date"}}));
  }

  /// The only check that this makes.
  Check one(const std::string& yaml) const {
    const auto out = compiled(yaml);
    EXPECT_THAT(out.complaints, IsEmpty()) << yaml;
    EXPECT_EQ(out.checks.size(), 1u) << yaml;
    return out.checks.empty() ? Check() : out.checks.front();
  }

  Catalog x_catalog;
};

const SetTest& test_of(const Check& check) { return std::get<SetTest>(check.test); }

TEST_F(SetChecksTest, a_row_count_keeps_its_bounds) {
  const auto check = one("row_count: {min: 1, max: 10}");
  EXPECT_EQ(check.id, "row_count");
  EXPECT_EQ(check.check_class(), CheckClass::set);
  EXPECT_EQ(check.on_fail, OnFail::hold);
  EXPECT_EQ(check.dimension, Dimension::completeness);
  EXPECT_EQ(check.message, "row count is {value}, not within 1 to 10");
  EXPECT_EQ(test_of(check).measure, "row_count");
  EXPECT_EQ(test_of(check).min, "1");
  EXPECT_EQ(test_of(check).max, "10");
  EXPECT_EQ(test_of(check).sql, "");
}

TEST_F(SetChecksTest, a_row_count_may_be_one_number) {
  const auto check = one("row_count: {equal: 0, name: none, on_fail: fail}");
  EXPECT_EQ(check.name, "none");
  EXPECT_EQ(check.on_fail, OnFail::fail);
  EXPECT_EQ(check.message, "row count is {value}, not 0");
  EXPECT_EQ(test_of(check).min, "0");
  EXPECT_EQ(test_of(check).max, "0");
}

TEST_F(SetChecksTest, a_row_count_may_be_that_of_another_node) {
  const auto check = one("row_count: {equal_to: other}");
  EXPECT_THAT(check.consults, ElementsAre("other"));
  EXPECT_EQ(test_of(check).measure, "");
  EXPECT_EQ(test_of(check).min, "(SELECT count(*) FROM \"other\")");
}

TEST_F(SetChecksTest, a_whole_dataset_cannot_go_to_quarantine) {
  for (const auto& [name, entry] : x_catalog.checks()) {
    if (entry.example.find('{') == std::string::npos) continue;
    auto yaml = entry.example;
    yaml.insert(yaml.rfind('}'), ", on_fail: quarantine");
    EXPECT_EQ(compiled(yaml).complaints.size(), 1u) << yaml;
  }
}

TEST_F(SetChecksTest, bounds_that_make_no_sense_are_refused) {
  EXPECT_THAT(compiled("row_count: {}").complaints,
              ElementsAre("1:12 `row_count` needs `min`, `max`, `equal` or `equal_to`"));
  EXPECT_THAT(compiled("row_count: {min: 2, max: 1}").complaints,
              ElementsAre("1:26 `max` is below `min`: no count passes"));
  EXPECT_THAT(compiled("row_count: {equal: 2, max: 1}").complaints,
              ElementsAre("1:12 `equal` leaves nothing to say for `min` and `max`"));
  EXPECT_EQ(compiled("row_count: {min: -1}").complaints.size(), 1u);
  EXPECT_EQ(compiled("row_count: {min: 1.5}").complaints.size(), 1u);
  EXPECT_EQ(compiled("row_count: 5").complaints.size(), 1u);
  EXPECT_EQ(compiled("row_count: {min: 1, where: a > 0}").complaints.size(), 1u);
}

TEST_F(SetChecksTest, columns_are_judged_before_any_row) {
  EXPECT_EQ(test_of(one("column_count: {max: 4}")).known, "5");
  EXPECT_EQ(test_of(one("columns: {contains: [B, a]}")).max, std::nullopt);
  EXPECT_EQ(test_of(one("columns: {contains: [B, a], ordered: true}")).known,
            "'in the order a and b'");
  EXPECT_EQ(test_of(one("columns: {equal: [a, b, x, t, day]}")).known,
            "'missing x; not expected d'");
}

TEST_F(SetChecksTest, statistics_answer_where_there_is_no_where) {
  EXPECT_EQ(test_of(one("null_rate: {column: a, max: 5%}")).measure, "null_share");
  EXPECT_EQ(test_of(one("null_rate: {column: a, max: 5%}")).max, "CAST(0.05 AS DOUBLE)");
  EXPECT_EQ(test_of(one("null_rate: {column: a, where: b > 0}")).measure, "");
  EXPECT_EQ(test_of(one("completeness: {min: 90%}")).columns.size(), 5u);
  EXPECT_EQ(test_of(one("aggregate: {column: a, fn: median, max: 1}")).measure, "quantile");
  EXPECT_EQ(test_of(one("aggregate: {column: day, fn: max, min: 2024-01-31}")).min,
            "CAST('2024-01-31' AS DATE)");
  EXPECT_EQ(test_of(one("freshness: {column: day, max_age: 1d}")).measure, "max");
}

TEST_F(SetChecksTest, an_aggregate_needs_what_it_can_compute) {
  EXPECT_THAT(compiled("aggregate: {column: t, fn: mean, min: 0}").complaints,
              ElementsAre("1:21 `t` is VARCHAR: no mean"));
  EXPECT_EQ(compiled("aggregate: {columns: \"*\", fn: mean, min: 0}").checks.size(), 3u);
  EXPECT_EQ(compiled("aggregate: {column: day, fn: max, min: soon}").complaints.size(), 1u);
  EXPECT_THAT(compiled("aggregate: {column: a, fn: quantile, min: 0}").complaints,
              ElementsAre("1:12 `fn: quantile` needs `q`"));
}

TEST_F(SetChecksTest, a_query_is_kept_as_the_author_wrote_it) {
  const auto check = one("sql: SELECT * FROM x -- why not");
  EXPECT_EQ(test_of(check).author_sql, "SELECT * FROM x -- why not");
  EXPECT_EQ(test_of(check).sql, "SELECT count(*) AS value FROM (SELECT * FROM x -- why not\n)");
}

TEST_F(SetChecksTest, comparisons_name_the_node_that_they_consult) {
  EXPECT_THAT(one("reference: {to: r, on: a, column: b, max_rmse: 1}").consults, ElementsAre("r"));
  EXPECT_THAT(one("reconcile: {against: r, count: true}").consults, ElementsAre("r"));
  EXPECT_EQ(compiled("reconcile: {against: r, count: true, sum: [a, d]}").checks.size(), 3u);
  EXPECT_THAT(compiled("reconcile: {against: r, sum: t}").complaints,
              ElementsAre("1:30 `t` is VARCHAR: no sum"));
}

TEST_F(SetChecksTest, its_example_compiles) {
  for (const auto& [name, entry] : x_catalog.checks()) {
    if (name == "outliers" || name == "freshness") continue;  // Of two columns, of a date.
    const auto out = compiled(entry.example);
    ASSERT_FALSE(out.checks.empty()) << name << testing::PrintToString(out.complaints);
    EXPECT_EQ(out.checks.at(0).dimension, entry.dimension);
  }
  EXPECT_EQ(compiled("outliers: {columns: \"*\", factor: 3}").checks.size(), 3u);
  EXPECT_EQ(compiled("freshness: {column: day, max_age: 2d}").checks.size(), 1u);
}

TEST_F(SetChecksTest, checks_of_later_work_are_known_by_name) {
  EXPECT_TRUE(x_catalog.is_later_check("volume"));
  EXPECT_FALSE(x_catalog.is_later_check("freshness"));
}

}  // namespace
}  // namespace leat::checks::sets
