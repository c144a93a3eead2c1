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
  settle_status(report, false);
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

TEST(Tally, fails_when_a_sink_failed_for_a_reason_that_stays) {
  EXPECT_EQ(exit_code_of({sink(SinkVerdict::failed)}), 1);
  EXPECT_EQ(exit_code_of({sink(SinkVerdict::failed), sink(SinkVerdict::published)}), 4);
  EXPECT_EQ(exit_code_of({sink(SinkVerdict::held), sink(SinkVerdict::unchanged)}), 3);
  EXPECT_EQ(exit_code_of({}), 0);
}

}  // namespace
}  // namespace leat::run
