#include "run/tally.hpp"

#include <gtest/gtest.h>

namespace leat::run {
namespace {

SinkReport sink(SinkVerdict verdict, bool busy = false) {
  SinkReport report;
  report.verdict = verdict;
  report.busy = busy;
  report.publishes = verdict == SinkVerdict::published ? 1 : 0;
  return report;
}

int exit_code_of(std::vector<SinkReport> sinks) {
  RunReport report;
  report.sinks = std::move(sinks);
  settle_status(report, 0);
  return report.exit_code;
}

TEST(Tally, asks_for_another_try_when_only_locks_were_in_the_way) {
  const auto busy = sink(SinkVerdict::failed, true);
  EXPECT_EQ(exit_code_of({busy}), 6);
  EXPECT_EQ(exit_code_of({busy, busy, sink(SinkVerdict::unchanged)}), 6);
  EXPECT_EQ(exit_code_of({busy, sink(SinkVerdict::failed)}), 1);
  EXPECT_EQ(exit_code_of({busy, sink(SinkVerdict::published)}), 4);
  EXPECT_EQ(exit_code_of({busy, sink(SinkVerdict::held)}), 4);
}

TEST(Tally, says_that_a_safety_rule_refused_when_nothing_else_went_wrong) {
  auto refused = sink(SinkVerdict::failed);
  refused.is_refused = true;
  EXPECT_EQ(exit_code_of({refused}), 7);
  EXPECT_EQ(exit_code_of({refused, sink(SinkVerdict::unchanged)}), 7);
  EXPECT_EQ(exit_code_of({refused, sink(SinkVerdict::failed)}), 1);
  EXPECT_EQ(exit_code_of({refused, sink(SinkVerdict::failed, true)}), 1);
  EXPECT_EQ(exit_code_of({refused, sink(SinkVerdict::published)}), 4);
}

RunReport reading(std::uint64_t read, std::uint64_t quarantined) {
  RunReport part;
  DatasetReport dataset;
  dataset.name = "raw";
  dataset.outcome.counts.read = read;
  dataset.outcome.counts.quarantined = quarantined;
  dataset.elapsed = Micros(5);
  part.datasets.push_back(dataset);
  part.slices = 1;
  return part;
}

TEST(Tally, tells_the_widest_reading_of_a_dataset_that_several_groups_read) {
  for (const bool wide_first : {true, false}) {
    RunReport report;
    add_group(report, wide_first ? reading(10, 2) : reading(3, 1));
    add_group(report, wide_first ? reading(3, 1) : reading(10, 2));
    ASSERT_EQ(report.datasets.size(), 1u);
    EXPECT_EQ(report.datasets[0].outcome.counts.read, 10u);
    EXPECT_EQ(report.datasets[0].outcome.counts.quarantined, 2u);
    EXPECT_EQ(report.datasets[0].elapsed, Micros(10));
    EXPECT_EQ(report.slices, 2u);
  }
}

TEST(Tally, fails_when_a_sink_failed_for_a_reason_that_stays) {
  EXPECT_EQ(exit_code_of({sink(SinkVerdict::failed)}), 1);
  EXPECT_EQ(exit_code_of({sink(SinkVerdict::failed), sink(SinkVerdict::published)}), 4);
  EXPECT_EQ(exit_code_of({sink(SinkVerdict::held), sink(SinkVerdict::unchanged)}), 3);
  EXPECT_EQ(exit_code_of({}), 0);
}

}  // namespace
}  // namespace leat::run
