#pragma once

#include <atomic>

namespace leat {

/// A request to stop, set by a signal handler or another thread, seen at every claim of work.
///
/// Threads   any; `request` is safe in a signal handler.
class CancelToken {
 public:
  void request() { x_requested.store(true, std::memory_order_relaxed); }
  bool requested() const { return x_requested.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> x_requested{false};
};

}  // namespace leat
