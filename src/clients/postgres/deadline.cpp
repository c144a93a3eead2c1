#include "clients/postgres/deadline.hpp"

#include <sys/socket.h>

namespace leat::postgres {

Deadline::Deadline(int socket, std::chrono::milliseconds most)
    : x_socket(socket), x_most(most + most / 10), x_waiter([this] { wait(); }) {}

Deadline::~Deadline() {
  {
    const std::lock_guard lock(x_mutex);
    x_is_closed = true;
  }
  x_changed.notify_one();
  x_waiter.join();
}

Deadline::Watch::Watch(Deadline* deadline) : x_deadline(deadline) {
  if (x_deadline != nullptr) x_deadline->set(std::chrono::steady_clock::now() + x_deadline->x_most);
}

Deadline::Watch::~Watch() {
  if (x_deadline != nullptr) x_deadline->set(std::nullopt);
}

/// The thread looks again at the end that it waits for, so a later one needs no word to it.
void Deadline::set(std::optional<Moment> end) {
  bool is_asleep = false;
  {
    const std::lock_guard lock(x_mutex);
    is_asleep = x_is_asleep && end;
    x_end = end;
  }
  if (is_asleep) x_changed.notify_one();
}

void Deadline::wait() {
  std::unique_lock lock(x_mutex);
  while (!x_is_closed) {
    if (!x_end) {
      x_is_asleep = true;
      x_changed.wait(lock);
      x_is_asleep = false;
      continue;
    }
    const auto end = *x_end;
    if (std::chrono::steady_clock::now() < end) {
      x_changed.wait_until(lock, end);
      continue;
    }
    x_is_over = true;
    ::shutdown(x_socket, SHUT_RDWR);
    x_end.reset();
  }
}

}  // namespace leat::postgres
