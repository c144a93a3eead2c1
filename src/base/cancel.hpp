#pragma once

#include <atomic>

namespace leat {

/// A request to stop, set by a signal handler or another thread, seen at every claim of work.
///
/// Threads   any; `request` is safe in a signal handler.
class CancelToken {
 public:
  /// `signal`: the number of the signal that asked; the first one stays.
  void request(int signal = kInterrupt) {
    int none = 0;
    x_signal.compare_exchange_strong(none, signal, std::memory_order_relaxed);
  }
  bool requested() const { return signal() != 0; }
  /// 0: nobody asked.
  int signal() const { return x_signal.load(std::memory_order_relaxed); }

  static constexpr int kInterrupt = 2;  ///< SIGINT.

 private:
  std::atomic<int> x_signal{0};
};

}  // namespace leat
