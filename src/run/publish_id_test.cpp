#include "run/publish_id.hpp"

#include <gtest/gtest.h>

namespace leat::run {
namespace {

class SetBackClock final : public Clock {
 public:
  Instant now() const override { return at; }
  Micros steady() const override { return {}; }
  Instant at{Micros(1'700'000'000'000'000)};
};

TEST(PublishIdTest, follows_the_head_when_the_clock_was_set_back) {
  SetBackClock clock;
  auto head = publish_id_after({}, clock);
  for (const auto step : {Micros(0), Micros(-86'400'000'000), Micros(0), Micros(1'000'000)}) {
    clock.at += step;
    const auto next = publish_id_after(head, clock);
    EXPECT_GT(next, head);
    EXPECT_EQ(next.text()[14], '7');
    head = next;
  }
}

TEST(PublishIdTest, bears_the_time_where_the_clock_goes_on) {
  SetBackClock clock;
  const auto head = publish_id_after({}, clock);
  clock.at += Micros(5'000'000);
  const auto next = publish_id_after(head, clock);
  const auto made = make_uuid7(clock);
  EXPECT_TRUE(std::equal(next.bytes.begin(), next.bytes.begin() + 6, made.bytes.begin()));
}

}  // namespace
}  // namespace leat::run
