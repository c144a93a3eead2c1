#include "cli/sudden_end.hpp"

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
  tell_sudden_ends();
  std::thread([&] { throw thrown; }).join();
}

TEST(SuddenEnd, is_told_and_is_a_step_that_failed) {
  const std::system_error no_thread(
      std::make_error_code(std::errc::resource_unavailable_try_again));
  const char* const said = "error: the system gave no more memory";
  EXPECT_EXIT(end_by(std::bad_alloc()), testing::ExitedWithCode(EXIT_FAILURE), said);
  EXPECT_EXIT(end_by(no_thread), testing::ExitedWithCode(EXIT_FAILURE), said);
}

/// The engine's destructors throw where memory failed its constructors.
TEST(SuddenEnd, that_follows_a_lack_of_memory_is_told_as_that) {
  const auto fail_after_memory = [] {
    tell_sudden_ends();
    EXPECT_THROW(std::get_new_handler()(), std::bad_alloc);
    std::thread([] { throw std::logic_error("a pointer that is NULL"); }).join();
  };
  EXPECT_EXIT(fail_after_memory(), testing::ExitedWithCode(EXIT_FAILURE),
              "error: the system gave no more memory");
}

TEST(SuddenEnd, says_what_the_engine_said_of_the_disk) {
  const std::runtime_error disk(
      R"({"exception_type":"IO","exception_message":"Could not truncate \"a\": it is read-only",)"
      R"("errno":"30"})");
  EXPECT_EXIT(end_by(disk), testing::ExitedWithCode(EXIT_FAILURE),
              "error: a file failed the engine where it could not go on: Could not truncate "
              ".*it is read-only\n  hint: see to the disk; what was published is whole");
  EXPECT_EXIT(end_by(std::runtime_error(R"({"exception_type":"IO")")),
              testing::ExitedWithCode(EXIT_FAILURE), "error: a file failed");
}

TEST(SuddenEnd, is_not_told_of_a_bug) {
  EXPECT_EXIT(end_by(std::logic_error("wrong")), testing::KilledBySignal(SIGABRT), "");
  EXPECT_EXIT(end_by(7), testing::KilledBySignal(SIGABRT), "");
}

}  // namespace
}  // namespace leat::cli
