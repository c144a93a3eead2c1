#include "cli/memory_end.hpp"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>
#include <system_error>

namespace leat::cli {
namespace {

/// Is it memory, or a thread, that the system did not give?
bool is_want(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    return true;
  } catch (const std::system_error& error) {
    return error.code() == std::errc::resource_unavailable_try_again ||
           error.code() == std::errc::not_enough_memory;
  } catch (...) {
    return false;
  }
}

/// Asks for no memory itself.
[[noreturn]] void end() {
  const auto thrown = std::current_exception();
  if (!thrown || !is_want(thrown)) std::abort();
  constexpr std::string_view kSaid =
      "error: the system gave no more memory, or no thread\n"
      "  hint: give it more, or lower `resources.memory` and `resources.threads`; what was "
      "published"
      " is whole, and the next run goes on\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kSaid.data(), kSaid.size());
  std::_Exit(EXIT_FAILURE);
}

}  // namespace

void end_without_memory() { std::set_terminate(end); }

}  // namespace leat::cli
