#include "cli/interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "app/all_files.hpp"

namespace leat::cli {
namespace {

CancelToken& token() {
  static CancelToken cancel;
  return cancel;
}

std::atomic<int>& first_signal() {
  static std::atomic<int> number{0};
  return number;
}

extern "C" void on_signal(int number) {
  if (first_signal().exchange(number) != 0) ::_exit(128 + number);
  token().request(number);
}

}  // namespace

const CancelToken& watch_signals() {
  token();
  first_signal();
  struct sigaction action = {};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  app::heed_while_fetching(token());
  return token();
}

int interrupted_code() {
  const int number = first_signal();
  return number == 0 ? 0 : 128 + number;
}

}  // namespace leat::cli
