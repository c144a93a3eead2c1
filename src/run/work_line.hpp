#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/result.hpp"

namespace leat::run {

/// Carries out what it is given, one after the other, on a thread of its own, so that nobody waits
/// for the disk.
///
/// Threads   any.
/// Promise   everything that one thread gives is carried out in that order, also what comes behind
///           a failure. What waits has about `bytes_max` bytes: who gives more waits as well.
/// Errors    those of the work: the first is told to everybody who gives or settles after it.
class WorkLine {
 public:
  using Work = std::function<Status()>;

  explicit WorkLine(std::size_t bytes_max) : x_bytes_max(bytes_max) {}
  ~WorkLine();
  WorkLine(const WorkLine&) = delete;
  WorkLine& operator=(const WorkLine&) = delete;

  /// `bytes`: what the work holds of memory. It is carried out whatever is returned.
  Status give(std::size_t bytes, Work work);
  /// Waits until all is done that was given.
  Status settle();
  /// The same, and an error of before is told no more.
  void begin_anew();

 private:
  struct Given {
    std::size_t bytes;
    Work work;
  };

  /// False: no thread can be had.
  bool has_thread();
  /// On the caller's thread, when all is done that was given.
  Status carry_out(const Work& work);
  void carry_out_all();
  /// The first error; `x_mutex` is held.
  Status failure() const;

  const std::size_t x_bytes_max;
  std::mutex x_mutex;
  std::condition_variable x_is_given;
  std::condition_variable x_is_done;
  std::deque<Given> x_waiting;  ///< The first is being carried out.
  std::size_t x_bytes = 0;
  std::optional<Error> x_failure;
  bool x_is_over = false;
  std::thread x_thread;  ///< Begins with the first work.
};

}  // namespace leat::run
