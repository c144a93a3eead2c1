#include "run/retry.hpp"

#include <gtest/gtest.h>

namespace leat::run {
namespace {

using std::chrono::milliseconds;

plan::Retry steady() {
  plan::Retry retry;
  retry.jitter = false;
  retry.delay = milliseconds(100);
  retry.max_delay = milliseconds(350);
  return retry;
}

Error external() { return Error(Fault::external, "the other side is away"); }

std::optional<Micros> wait(const std::optional<plan::Retry>& retry, const Error& error,
                           std::uint64_t attempts) {
  return wait_before_retry(retry, error, attempts, Uuid{});
}

TEST(Retry, DoublesItsDelayUpToTheLongest) {
  auto retry = steady();
  retry.attempts = 10;
  EXPECT_EQ(wait(retry, external(), 1), Micros(100'000));
  EXPECT_EQ(wait(retry, external(), 2), Micros(200'000));
  EXPECT_EQ(wait(retry, external(), 3), Micros(350'000));
  retry.grows = false;
  EXPECT_EQ(wait(retry, external(), 3), Micros(100'000));
}

TEST(Retry, EndsAfterItsAttempts) {
  EXPECT_TRUE(wait(steady(), external(), 2).has_value());
  EXPECT_FALSE(wait(steady(), external(), 3).has_value());
}

TEST(Retry, IsOnlyForExternalFaultsThatMayGoAway) {
  EXPECT_FALSE(wait(std::nullopt, external(), 1).has_value());
  EXPECT_FALSE(wait(steady(), Error(Fault::config, "x"), 1).has_value());
  EXPECT_FALSE(wait(steady(), Error(Fault::internal, "x"), 1).has_value());
  EXPECT_FALSE(wait(steady(), external().busy(), 1).has_value());
  EXPECT_FALSE(wait(steady(), external().refused(), 1).has_value());
  EXPECT_FALSE(wait(steady(), external().cancelled(), 1).has_value());
}

TEST(Retry, BeginsNoTryBeyondItsTime) {
  auto retry = steady();
  retry.attempts = 100;
  retry.delay = milliseconds(1);
  retry.within = milliseconds(20);
  retry.grows = false;
  Tries tries(retry, system_clock(), nullptr, Uuid{});
  int told = 0;
  while (tries.again(external())) ++told;
  EXPECT_GT(told, 0);
  EXPECT_LT(told, 25);
}

TEST(Retry, ComesBackNoSoonerThanTheOtherSideAsked) {
  EXPECT_EQ(wait(steady(), external().retry_after(milliseconds(900)), 1), Micros(900'000));
}

TEST(Retry, ShortensADelayByUpToAHalf) {
  auto retry = steady();
  retry.jitter = true;
  const auto waited = wait(retry, external(), 1);
  ASSERT_TRUE(waited.has_value());
  EXPECT_GE(*waited, Micros(50'000));
  EXPECT_LE(*waited, Micros(100'000));
}

}  // namespace
}  // namespace leat::run
