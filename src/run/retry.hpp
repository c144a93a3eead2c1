#pragma once

#include <optional>

#include "run/live_run.hpp"
#include "run/report.hpp"

namespace leat::run {

/// Whether another try may end better: an external fault, and no lost head, lock, interruption, nor
/// the machine itself, which lacks disk or memory or denies us a file.
bool may_pass(const Error& error);

/// How long to wait before trying again after `attempts` tries; nothing: what failed stays failed.
/// Only what may pass is tried again.
std::optional<Micros> wait_before_retry(const std::optional<plan::Retry>& retry, const Error& error,
                                        std::uint64_t attempts, const Uuid& run_id);

/// Counts the tries of one piece of work, and waits between them.
class Tries {
 public:
  /// `clock` and `cancel`, which may be null, outlive this.
  Tries(const std::optional<plan::Retry>& retry, const Clock& clock, const CancelToken* cancel,
        const Uuid& run_id)
      : x_retry(retry),
        x_clock(clock),
        x_cancel(cancel),
        x_run_id(run_id),
        x_began(clock.steady()) {}

  /// After one that ended with `error`: waits for the next. What is to be told of it; nothing: what
  /// failed stays failed.
  std::optional<std::string> again(const Error& error);

 private:
  bool is_cancelled() const { return x_cancel != nullptr && x_cancel->requested(); }

  std::optional<plan::Retry> x_retry;
  const Clock& x_clock;
  const CancelToken* x_cancel;
  Uuid x_run_id;
  Micros x_began;
  std::uint64_t x_failed = 0;
};

Tries tries_of(const LiveRun& run);

/// Calls `work` until it succeeds, or may not be tried again. Each new try is a warning.
template <typename Work>
auto retrying(LiveRun& run, RunReport& report, Work work) -> decltype(work()) {
  for (auto tries = tries_of(run);;) {
    auto done = work();
    if (done.ok()) return done;
    auto told = tries.again(done.error());
    if (!told) return done;
    report.warnings.push_back(std::move(*told));
    if (auto opened = reopen_sources(run); !opened.ok()) return std::move(opened).error();
  }
}

}  // namespace leat::run
