#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace leat::postgres {

/// Ends a connection whose server is silent for too long, so that the call which waits for it
/// fails: a server ends a statement that takes too long by itself, unless nothing is heard of it
/// any more.
///
/// Threads   watched by one at a time; a thread of its own waits.
class Deadline {
 public:
  /// `most`: how long a server may take, which gets a tenth of it more to say so itself.
  Deadline(int socket, std::chrono::milliseconds most);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  /// While it lives, a call is under way.
  class Watch {
   public:
    /// Null: nothing is watched.
    explicit Watch(Deadline* deadline);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    Deadline* x_deadline;
  };

  /// Has it ended the connection?
  bool is_over() const { return x_is_over; }

 private:
  using Moment = std::chrono::steady_clock::time_point;

  void set(std::optional<Moment> end);
  void wait();

  const int x_socket;
  const std::chrono::milliseconds x_most;
  std::mutex x_mutex;
  std::condition_variable x_changed;
  std::optional<Moment> x_end;
  bool x_is_asleep = true;  ///< Nothing is watched, nor was of late.
  bool x_is_closed = false;
  std::atomic<bool> x_is_over{false};
  std::thread x_waiter;
};

}  // namespace leat::postgres
