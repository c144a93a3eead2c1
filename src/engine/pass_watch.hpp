#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/cancel.hpp"

namespace leat::engine {

/// Looks about ten times a second, from a thread of its own, whether to stop, and tells progress.
class PassWatch {
 public:
  /// `stop` is called again and again once `cancel` is requested, as long as this lives.
  PassWatch(const CancelToken* cancel, std::function<void()> stop, std::function<void()> tell);
  ~PassWatch();
  PassWatch(const PassWatch&) = delete;
  PassWatch& operator=(const PassWatch&) = delete;

 private:
  void watch();

  const CancelToken* x_cancel;
  std::function<void()> x_stop;
  std::function<void()> x_tell;
  std::mutex x_mutex;
  std::condition_variable x_over;
  bool x_is_over = false;
  std::thread x_thread;
};

}  // namespace leat::engine
