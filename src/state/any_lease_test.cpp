#include "support/any_store.hpp"

#include <atomic>
#include <thread>
#include <vector>

namespace leat::state {
namespace {

TEST_P(AnyStoreTest, a_lease_has_one_holder_and_its_number_grows) {
  auto store = open();
  const auto first = store->take_lease(lease("prices"), kLong, false);
  ASSERT_TRUE(first.ok()) << first.error().text();
  EXPECT_EQ(first->fence, 1u);
  const auto second = open()->take_lease(lease("prices"), kLong, false);
  ASSERT_FALSE(second.ok());
  EXPECT_TRUE(second.error().is_busy());
  EXPECT_NE(second.error().text().find(first->run_id.text()), std::string::npos);
  EXPECT_TRUE(store->take_lease(lease("sales"), kLong, false).ok());
  EXPECT_TRUE(store->renew_lease(*first, kLong).ok());
  EXPECT_TRUE(store->leases()->front().is_held);
  ASSERT_TRUE(store->release_lease(*first).ok());
  EXPECT_FALSE(store->leases()->front().is_held);
  EXPECT_EQ(store->take_lease(lease("prices"), kLong, false)->fence, 2u);
}

TEST_P(AnyStoreTest, who_was_silent_too_long_is_followed_and_then_refused) {
  auto store = open();
  const auto first = store->take_lease(lease("prices"), kShort, false);
  ASSERT_TRUE(first.ok());
  std::this_thread::sleep_for(2 * kShort);
  EXPECT_TRUE(store->renew_lease(*first, kShort).ok()) << "late, and nobody has taken it";
  std::this_thread::sleep_for(2 * kShort);
  const auto second = store->take_lease(lease("prices"), kLong, true);
  ASSERT_TRUE(second.ok()) << second.error().text();
  EXPECT_EQ(second->fence, 2u);
  const auto late = store->renew_lease(*first, kLong);
  ASSERT_FALSE(late.ok());
  EXPECT_TRUE(late.error().is_refused());
  EXPECT_NE(late.error().text().find("has taken it over"), std::string::npos);
  EXPECT_TRUE(store->release_lease(*first).ok());
  EXPECT_TRUE(store->leases()->front().is_held) << "what is another one's is not given back";
}

TEST_P(AnyStoreTest, a_process_of_this_machine_that_has_ended_holds_nothing) {
  auto store = open();
  auto gone = lease("prices");
  gone.process.began -= 1;
  ASSERT_TRUE(store->take_lease(gone, kLong, false).ok());
  EXPECT_TRUE(store->take_lease(lease("prices"), kLong, false).ok());
  auto elsewhere = lease("sales");
  elsewhere.process.place = "another machine";
  ASSERT_TRUE(store->take_lease(elsewhere, kLong, false).ok());
  EXPECT_FALSE(store->take_lease(lease("sales"), kLong, false).ok());
}

TEST_P(AnyStoreTest, a_lease_that_nothing_is_known_of_may_be_that_of_the_lock) {
  auto store = open();
  const auto refused = store->take_lease(lease("prices"), kLong, true);
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().is_busy());
}

/// The wall clock of one machine decides nothing: a year off, a lease is as long as it was.
TEST_P(AnyStoreTest, a_clock_that_jumps_changes_no_lease) {
  auto store = open();
  for (const auto jump : {-std::chrono::hours(9000), std::chrono::hours(9000)}) {
    const auto held = store->take_lease(lease("prices"), kLong, false);
    ASSERT_TRUE(held.ok());
    clock.jump = jump;
    EXPECT_FALSE(open()->take_lease(lease("prices"), kLong, false).ok());
    EXPECT_TRUE(store->renew_lease(*held, kLong).ok());
    ASSERT_TRUE(store->release_lease(*held).ok());
  }
}

TEST_P(AnyStoreTest, of_many_that_want_a_lease_one_gets_it) {
  open();
  std::atomic<int> taken{0};
  std::vector<std::thread> takers;
  for (int i = 0; i < 4; ++i) {
    takers.emplace_back([&] {
      if (open()->take_lease(lease("prices"), kLong, false).ok()) ++taken;
    });
  }
  for (auto& taker : takers) taker.join();
  EXPECT_EQ(taken.load(), 1);
}

}  // namespace
}  // namespace leat::state
