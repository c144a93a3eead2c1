#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <new>
#include <string>

#include "engine/engine_fault.hpp"
#include "engine/session.hpp"

namespace {

/// Requests of this thread so far, and the one of them that fails.
thread_local long requests = 0;
thread_local long failing = 0;

void* ask(std::size_t size) {
  if (++requests == failing) return nullptr;
  return std::malloc(size == 0 ? 1 : size);
}

}  // namespace

void* operator new(std::size_t size) {
  if (auto* const memory = ask(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace leat::engine {
namespace {

void fail_request(long number) {
  requests = 0;
  failing = number;
}

SessionOptions one_thread() {
  SessionOptions options;
  options.threads = 1;
  return options;
}

bool is_for_memory(const Error& error) {
  return error.fault() == Fault::external && error.is_grave();
}

TEST(NoMemory, of_a_statement_is_told_and_nothing_is_read_that_nobody_wrote) {
  const auto session = Session::open(one_thread());
  ASSERT_TRUE(session.ok());
  const std::string sql = "SELECT 'longer than what a string keeps within itself'";
  for (long number = 1; number <= 2; ++number) {  // Its text, and the lock of its connection.
    fail_request(number);
    const auto status = (*session)->execute(sql);
    fail_request(0);
    ASSERT_FALSE(status.ok()) << number;
    EXPECT_TRUE(is_for_memory(status.error())) << number << status.error().text();
    EXPECT_TRUE((*session)->execute(sql).ok()) << number;
  }
}

/// 0: it was opened, or what failed it was the lack of memory.
[[noreturn]] void open_and_exit(long number) {
  fail_request(number);
  try {
    const auto session = Session::open(one_thread());
    fail_request(0);
    std::_Exit(session.ok() || is_for_memory(session.error()) ? EXIT_SUCCESS : EXIT_FAILURE);
  } catch (const std::bad_alloc&) {  // Of a request of ours; the program ends by it.
    std::_Exit(EXIT_SUCCESS);
  }
}

/// A crash in the engine is not ours to mend: its archives come as they are.
bool is_no_bug(int status) {
  return WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
}

TEST(NoMemory, of_a_session_is_no_bug) {
  fail_request(0);
  ASSERT_TRUE(Session::open(one_thread()).ok());
  constexpr long kLast = 300;  // The connection, the function of ours and what is set.
  constexpr long kStep = 37;
  for (long number = requests - kLast; number < requests; number += kStep) {
    EXPECT_EXIT(open_and_exit(number), is_no_bug, "") << number;
  }
}

TEST(NoMemory, while_words_are_made_is_no_bug_of_the_engine) {
  const std::string said = "INTERNAL Error: Secondary exception: std::bad_alloc";
  EXPECT_TRUE(is_for_memory(engine_error(DUCKDB_ERROR_INTERNAL, said)));
  EXPECT_TRUE(is_for_memory(engine_error(DUCKDB_ERROR_FATAL, said)));
  EXPECT_EQ(engine_error(DUCKDB_ERROR_INTERNAL, "INTERNAL Error: a pointer").fault(),
            Fault::internal);
}

}  // namespace
}  // namespace leat::engine
