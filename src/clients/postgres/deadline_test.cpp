#include "clients/postgres/deadline.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace leat::postgres {
namespace {

using namespace std::chrono_literals;

class DeadlineTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0); }
  void TearDown() override {
    for (const int end : ends) ::close(end);
  }
  std::array<int, 2> ends{};
};

TEST_F(DeadlineTest, ends_a_connection_of_which_nothing_is_heard_a_tenth_later) {
  Deadline deadline(ends[0], 200ms);
  const auto began = std::chrono::steady_clock::now();
  {
    const Deadline::Watch watch(&deadline);
    char byte = 0;
    EXPECT_EQ(::read(ends[0], &byte, 1), 0);
  }
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_TRUE(deadline.is_over());
  EXPECT_GE(took, 220ms);
  EXPECT_LE(took, 2s) << "far beyond what a busy machine adds";
}

TEST_F(DeadlineTest, leaves_one_alone_that_answers_each_time_and_one_that_nobody_waits_for) {
  Deadline deadline(ends[0], 500ms);
  for (int call = 0; call < 8; ++call) {
    const Deadline::Watch watch(&deadline);
    ::usleep(100'000);
  }
  ::usleep(700'000);
  EXPECT_FALSE(deadline.is_over());
  EXPECT_EQ(::send(ends[0], "x", 1, MSG_NOSIGNAL), 1);
}

}  // namespace
}  // namespace leat::postgres
