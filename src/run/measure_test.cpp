#include "run/measure.hpp"

#include <gtest/gtest.h>

namespace leat::run {
namespace {

DatasetReport dataset_of(std::uint64_t rows, kernels::ColumnSummary column) {
  DatasetReport dataset;
  dataset.measured = true;
  dataset.outcome.counts.passed_on = rows;
  dataset.statistics.rows = rows;
  column.name = "a";
  column.type = "BIGINT";
  dataset.statistics.columns = {std::move(column)};
  return dataset;
}

SetTest test_of(const std::string& measure, double share = 0) {
  SetTest test;
  test.measure = measure;
  test.columns = {"a"};
  test.share = share;
  return test;
}

TEST(Measure, counts_and_shares_are_exact) {
  kernels::ColumnSummary column;
  column.nulls = 1;
  const auto dataset = dataset_of(4, column);
  EXPECT_EQ(measure(test_of("row_count"), dataset)->low, "4");
  EXPECT_EQ(measure(test_of("null_share"), dataset)->low, "CAST(0.25 AS DOUBLE)");
  EXPECT_EQ(measure(test_of("completeness"), dataset)->low, "CAST(0.75 AS DOUBLE)");
  EXPECT_TRUE(measure(test_of("completeness"), dataset)->is_exact());
}

TEST(Measure, of_no_rows_nothing_is_missing) {
  const auto dataset = dataset_of(0, {});
  EXPECT_EQ(measure(test_of("null_share"), dataset)->low, "CAST(0 AS DOUBLE)");
  EXPECT_EQ(measure(test_of("completeness"), dataset)->low, "CAST(1 AS DOUBLE)");
  EXPECT_EQ(measure(test_of("max"), dataset)->low, "NULL");
  EXPECT_EQ(measure(test_of("distinct_share"), dataset)->low, "NULL");
}

TEST(Measure, extremes_are_of_the_type_of_the_column) {
  kernels::ColumnSummary column;
  column.max = "9223372036854775807";
  EXPECT_EQ(measure(test_of("max"), dataset_of(1, column))->low,
            "CAST('9223372036854775807' AS BIGINT)");
}

TEST(Measure, an_estimate_is_a_range_and_never_more_than_there_are_values) {
  kernels::ColumnSummary column;
  column.nulls = 10;
  column.distinct = 980;
  const auto found = measure(test_of("distinct"), dataset_of(1000, column));
  EXPECT_FALSE(found->is_exact());
  EXPECT_EQ(found->low, "CAST(881 AS DOUBLE)");
  EXPECT_EQ(found->high, "CAST(990 AS DOUBLE)");
  EXPECT_EQ(found->shown, "≈ 980");
}

TEST(Measure, a_quantile_lies_between_those_around_it) {
  kernels::ColumnSummary column;
  column.min = "0";
  column.max = "100";
  column.quantiles = {1, 5, 25, 50, 75, 95, 99};
  const auto dataset = dataset_of(100'000, column);
  EXPECT_EQ(measure(test_of("quantile", 0.5), dataset)->shown, "between 25 and 75");
  EXPECT_EQ(measure(test_of("quantile", 1), dataset)->shown, "between 95 and 100");
  EXPECT_EQ(measure(test_of("quantile", 0.6), dataset)->shown, "between 50 and 75");
}

TEST(Measure, what_statistics_do_not_hold_is_asked_of_the_rows) {
  kernels::ColumnSummary column;
  column.min = "0";
  column.max = "nan";
  column.quantiles = {1, 5, 25, 50, 75, 95, 99};
  EXPECT_FALSE(measure(test_of("sum"), dataset_of(10, column)));
  EXPECT_FALSE(measure(test_of("quantile", 0.5), dataset_of(100'000, column))) << "NaN";
  EXPECT_FALSE(measure(test_of("quantile", 0.5), dataset_of(10, column))) << "few values";
  auto unmeasured = dataset_of(10, column);
  unmeasured.measured = false;
  EXPECT_FALSE(measure(test_of("max"), unmeasured));
}

}  // namespace
}  // namespace leat::run
