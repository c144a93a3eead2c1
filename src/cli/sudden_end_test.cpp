#include "cli/memory_end.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace leat::cli {
namespace {

/// In a thread: what is thrown in a death test itself is caught.
template <typename Thrown>
void end_by(Thrown thrown) {
  end_without_memory();
  std::thread([&] { throw thrown; }).join();
}

TEST(MemoryEnd, is_said_and_is_a_step_that_failed) {
  const std::system_error no_thread(
      std::make_error_code(std::errc::resource_unavailable_try_again));
  const char* const said = "error: the system gave no more memory";
  EXPECT_EXIT(end_by(std::bad_alloc()), testing::ExitedWithCode(EXIT_FAILURE), said);
  EXPECT_EXIT(end_by(no_thread), testing::ExitedWithCode(EXIT_FAILURE), said);
}

TEST(MemoryEnd, is_not_said_of_a_bug) {
  EXPECT_EXIT(end_by(std::logic_error("wrong")), testing::KilledBySignal(SIGABRT), "");
}

}  // namespace
}  // namespace leat::cli
