#include "cli/sudden_end.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <initializer_list>
#include <new>
#include <string_view>
#include <system_error>

namespace leat::cli {
namespace {

constexpr std::string_view kNextRun =
    "what was published is whole, the ledger says what that is, and the next run goes on\n";

/// Asks for no memory itself.
[[noreturn]] void say(std::initializer_list<std::string_view> parts) {
  for (const auto part : parts) {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, part.data(), part.size());
  }
  std::_Exit(EXIT_FAILURE);
}

[[noreturn]] void say_no_memory() {
  say(
      {"error: the system gave no more memory, or no thread\n  hint: give it more, or lower "
       "`resources.memory` and `resources.threads`; ",
       kNextRun});
}

std::atomic<bool>& had_no_memory() {
  static std::atomic<bool> had_none = false;
  return had_none;
}

/// As without it, and what comes of it is known for what it is.
[[noreturn]] void refuse_memory() {
  had_no_memory() = true;
  throw std::bad_alloc();
}

/// What the engine throws for a file that fails it where nobody can catch it, as while it undoes a
/// commit that failed before. Its exceptions are JSON.
void say_disk(std::string_view thrown) {
  constexpr std::string_view kKind = R"("exception_type":"IO")";
  constexpr std::string_view kMessage = R"("exception_message":")";
  if (thrown.find(kKind) == thrown.npos) return;
  const auto begin = std::min(thrown.find(kMessage), thrown.size());
  auto words = thrown.substr(begin).substr(std::min(kMessage.size(), thrown.size() - begin));
  words = words.substr(0, words.find(R"(",")"));
  say({"error: a file failed the engine where it could not go on: ", words,
       "\n  hint: see to the disk; ", kNextRun});
}

[[noreturn]] void end() {
  try {
    if (const auto thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    say_no_memory();
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::resource_unavailable_try_again ||
        error.code() == std::errc::not_enough_memory) {
      say_no_memory();
    }
  } catch (const std::exception& error) {
    say_disk(error.what());
  } catch (...) {
  }
  // Of what it has half made the engine finds pieces missing where it clears that away.
  if (had_no_memory()) say_no_memory();
  std::abort();
}

}  // namespace

void tell_sudden_ends() {
  std::set_terminate(end);
  std::set_new_handler(refuse_memory);
}

}  // namespace leat::cli
