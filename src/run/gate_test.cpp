#include "run/gate.hpp"

#include <gtest/gtest.h>

namespace leat::run {
namespace {

Check row_check(OnFail on_fail, Dimension dimension = Dimension::completeness) {
  Check check;
  check.id = "not_null(id)";
  check.kind = "not_null";
  check.test = RowTest{};
  check.on_fail = on_fail;
  check.dimension = dimension;
  return check;
}

DatasetOutcome dataset(OnFail on_fail, std::uint64_t failed, std::uint64_t rows = 1000) {
  engine::DatasetCounts counts;
  counts.dataset = "d";
  counts.read = rows;
  counts.quarantined = on_fail == OnFail::quarantine ? failed : 0;
  counts.passed_on = rows - counts.quarantined;
  counts.checks.push_back({"not_null(id)", rows, failed, {}});
  return judge_dataset({row_check(on_fail)}, counts);
}

Verdict verdict(const DatasetOutcome& outcome, const GatePolicy& policy = {}) {
  const DatasetOutcome* all[] = {&outcome};
  return decide(all, score_of(outcome.checks, policy.weights), policy).verdict;
}

TEST(Gate, passes_when_nothing_failed) {
  EXPECT_EQ(verdict(dataset(OnFail::fail, 0)), Verdict::pass);
}

TEST(Gate, each_on_fail_leads_to_its_verdict) {
  EXPECT_EQ(verdict(dataset(OnFail::warn, 1)), Verdict::warn);
  EXPECT_EQ(verdict(dataset(OnFail::quarantine, 1)), Verdict::warn);
  EXPECT_EQ(verdict(dataset(OnFail::hold, 1)), Verdict::hold);
  EXPECT_EQ(verdict(dataset(OnFail::fail, 1)), Verdict::fail);
}

TEST(Gate, too_much_quarantine_is_a_breach_from_a_hundred_rows_up) {
  GatePolicy policy;
  policy.max_quarantine = 0.05;
  EXPECT_EQ(verdict(dataset(OnFail::quarantine, 50, 1000), policy), Verdict::warn);
  EXPECT_EQ(verdict(dataset(OnFail::quarantine, 51, 1000), policy), Verdict::hold);
  EXPECT_EQ(verdict(dataset(OnFail::quarantine, 50, 99), policy), Verdict::warn);
  policy.on_breach = OnBreach::fail;
  EXPECT_EQ(verdict(dataset(OnFail::quarantine, 51, 1000), policy), Verdict::fail);
}

TEST(Gate, a_low_score_is_a_breach) {
  GatePolicy policy;
  policy.min_score = 95;
  EXPECT_EQ(verdict(dataset(OnFail::warn, 50), policy), Verdict::warn);
  EXPECT_EQ(verdict(dataset(OnFail::warn, 51), policy), Verdict::hold);
}

TEST(Gate, undecodable_rows_count_against_validity) {
  engine::DatasetCounts counts;
  counts.dataset = "d";
  counts.read = 10;
  counts.undecodable = 1;
  counts.quarantined = 1;
  counts.passed_on = 9;
  const auto outcome = judge_dataset({}, counts);
  ASSERT_EQ(outcome.checks.size(), 1u);
  EXPECT_EQ(outcome.checks[0].id, "decode");
  EXPECT_DOUBLE_EQ(score_of(outcome.checks, default_weights()).total, 90);
}

TEST(Gate, what_stands_above_the_records_counts_in_no_share) {
  engine::DatasetCounts counts;
  counts.dataset = "d";
  counts.read = 113;
  counts.quarantined = 13;
  counts.above_records = 3;
  counts.passed_on = 100;
  auto outcome = judge_dataset({}, counts);
  EXPECT_TRUE(outcome.checks.empty());
  GatePolicy policy;
  policy.max_quarantine = 10.0 / 110;
  EXPECT_EQ(verdict(outcome, policy), Verdict::pass);
  policy.max_quarantine = 9.9 / 110;
  EXPECT_EQ(verdict(outcome, policy), Verdict::hold);
  counts.undecodable = 11;
  outcome = judge_dataset({}, counts);
  ASSERT_EQ(outcome.checks.size(), 1u);
  EXPECT_DOUBLE_EQ(score_of(outcome.checks, default_weights()).total, 90);
}

TEST(Score, weights_are_rescaled_over_the_dimensions_that_have_checks) {
  std::vector<CheckOutcome> outcomes(2);
  outcomes[0].dimension = "completeness";
  outcomes[0].rows_judged = 100;
  outcomes[0].rows_failed = 10;
  outcomes[1].dimension = "validity";
  outcomes[1].rows_judged = 100;
  const auto score = score_of(outcomes, default_weights());
  EXPECT_DOUBLE_EQ(score.total, (30 * 90 + 10 * 100) / 40.0);
  EXPECT_DOUBLE_EQ(score.by_dimension.at("completeness"), 90);
  EXPECT_EQ(score.by_dimension.size(), 2u);
}

TEST(Score, is_full_without_checks) {
  EXPECT_DOUBLE_EQ(score_of({}, default_weights()).total, 100);
}

}  // namespace
}  // namespace leat::run
