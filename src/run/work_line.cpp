#include "run/work_line.hpp"

#include <system_error>
#include <utility>

namespace leat::run {

WorkLine::~WorkLine() {
  {
    const std::lock_guard lock(x_mutex);
    x_is_over = true;
  }
  x_is_given.notify_all();
  if (x_thread.joinable()) x_thread.join();
}

Status WorkLine::give(std::size_t bytes, Work work) {
  if (!has_thread()) return carry_out(work);
  std::unique_lock lock(x_mutex);
  x_is_done.wait(lock, [&] { return x_waiting.empty() || x_bytes + bytes <= x_bytes_max; });
  x_bytes += bytes;
  x_waiting.push_back({bytes, std::move(work)});
  x_is_given.notify_one();
  return failure();
}

Status WorkLine::carry_out(const Work& work) {
  std::unique_lock lock(x_mutex);
  x_is_done.wait(lock, [&] { return x_waiting.empty(); });
  lock.unlock();
  auto done = work();
  lock.lock();
  if (!done.ok() && !x_failure) x_failure = std::move(done).error();
  return failure();
}

bool WorkLine::has_thread() {
  const std::lock_guard lock(x_mutex);
  if (x_thread.joinable()) return true;
  try {
    x_thread = std::thread([this] { carry_out_all(); });
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

Status WorkLine::settle() {
  std::unique_lock lock(x_mutex);
  x_is_done.wait(lock, [&] { return x_waiting.empty(); });
  return failure();
}

void WorkLine::begin_anew() {
  std::unique_lock lock(x_mutex);
  x_is_done.wait(lock, [&] { return x_waiting.empty(); });
  x_failure.reset();
}

Status WorkLine::failure() const { return x_failure ? Status(*x_failure) : Status(); }

void WorkLine::carry_out_all() {
  std::unique_lock lock(x_mutex);
  for (;;) {
    x_is_given.wait(lock, [&] { return x_is_over || !x_waiting.empty(); });
    if (x_waiting.empty()) return;
    auto& first = x_waiting.front();  // A deque's first stays where it is while others join.
    lock.unlock();
    auto done = first.work();
    lock.lock();
    if (!done.ok() && !x_failure) x_failure = std::move(done).error();
    x_bytes -= first.bytes;
    x_waiting.pop_front();
    x_is_done.notify_all();
  }
}

}  // namespace leat::run
