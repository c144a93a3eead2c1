#include "io/process_identity.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace leat::io {
namespace {

TEST(ProcessIdentity, this_process_runs) {
  EXPECT_TRUE(is_running(own_process()));
  EXPECT_GT(own_process().began, 0);
}

TEST(ProcessIdentity, another_process_with_the_same_number_is_another_one) {
  auto other = own_process();
  other.began -= 1;
  EXPECT_FALSE(is_running(other));
  const auto sent = send_signal(other, SIGKILL);
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().fault(), Fault::config);
}

TEST(ProcessIdentity, a_process_of_another_machine_is_not_here) {
  auto other = own_process();
  other.place = "elsewhere";
  EXPECT_FALSE(is_running(other));
}

TEST(ProcessIdentity, nobody_is_no_process) {
  EXPECT_FALSE(is_running({}));
  EXPECT_FALSE(send_signal({}, SIGKILL).ok());
  EXPECT_FALSE(send_signal({process_place(), -1, 7}, 0).ok());
}

TEST(ProcessIdentity, a_child_that_was_killed_has_ended_before_anybody_asks_for_it) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (;;) ::pause();
  }
  ProcessIdentity identity{process_place(), child, 0};
  EXPECT_FALSE(is_running(identity)) << "a start that is not known is nobody's";
  // Its start is that of no other: the clock ticks on.
  for (identity.began = own_process().began; !is_running(identity); ++identity.began) {
    ASSERT_LT(identity.began, own_process().began + 1'000'000);
  }
  EXPECT_FALSE(wait_for_end(identity, std::chrono::milliseconds(30)));
  ASSERT_TRUE(send_signal(identity, SIGKILL).ok());
  EXPECT_TRUE(wait_for_end(identity, std::chrono::seconds(10)));
  ::waitpid(child, nullptr, 0);
}

}  // namespace
}  // namespace leat::io
