#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace leat::engine {

/// Keeps the first error of several threads while the engine unwinds: the engine knows only its
/// text, and the caller shall get it whole.
/// Threads   any.
class FirstError {
 public:
  void set(Error error) {
    const std::lock_guard lock(x_mutex);
    if (x_error) return;
    x_text = error.text();
    x_error = std::move(error);
    x_is_set.store(true, std::memory_order_release);
  }
  /// Valid once set, and then for as long as this lives.
  const char* text() const { return is_set() ? x_text.c_str() : ""; }
  bool is_set() const { return x_is_set.load(std::memory_order_acquire); }
  /// Calls     when no thread sets any more.
  Error take() { return std::move(*x_error); }

 private:
  std::mutex x_mutex;
  std::atomic<bool> x_is_set{false};
  std::optional<Error> x_error;
  std::string x_text;
};

}  // namespace leat::engine
