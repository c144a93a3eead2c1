#include "engine/pass_watch.hpp"

#include <chrono>
#include <utility>

namespace leat::engine {
namespace {

constexpr std::chrono::milliseconds kLook{100};

}  // namespace

PassWatch::PassWatch(const CancelToken* cancel, std::function<void()> stop,
                     std::function<void()> tell)
    : x_cancel(cancel), x_stop(std::move(stop)), x_tell(std::move(tell)) {
  if (x_cancel != nullptr || x_tell) x_thread = std::thread([this] { watch(); });
}

PassWatch::~PassWatch() {
  {
    const std::lock_guard lock(x_mutex);
    x_is_over = true;
  }
  x_over.notify_one();
  if (x_thread.joinable()) x_thread.join();
}

void PassWatch::watch() {
  std::unique_lock lock(x_mutex);
  while (!x_over.wait_for(lock, kLook, [this] { return x_is_over; })) {
    if (x_cancel != nullptr && x_cancel->requested()) x_stop();
    if (x_tell) x_tell();
  }
}

}  // namespace leat::engine
