#pragma once

#include <optional>

#include "run/live_run.hpp"
#include "run/report.hpp"

namespace leat::run {

/// How long to wait before trying again after `attempts` tries; nothing: what failed stays failed.
/// Only external faults are tried again, never a lost head, a lock or an interruption.
std::optional<Micros> wait_before_retry(const std::optional<plan::Retry>& retry, const Error& error,
                                        std::uint64_t attempts, const Uuid& run_id);

/// Waits, unless the run is to stop.
void sleep_for(const LiveRun& run, Micros wait);

/// Calls `work` until it succeeds, or may not be tried again. Each new try is a warning.
template <typename Work>
auto retrying(LiveRun& run, RunReport& report, Work work) -> decltype(work()) {
  for (std::uint64_t attempts = 1;; ++attempts) {
    auto done = work();
    if (done.ok() || run.cancelled()) return done;
    const auto wait = wait_before_retry(run.plan.retry, done.error(), attempts, run.run_id);
    if (!wait) return done;
    report.warnings.push_back("try " + std::to_string(attempts) + " of " +
                              std::to_string(run.plan.retry->attempts) +
                              " failed: " + done.error().text());
    sleep_for(run, *wait);
    if (auto opened = reopen_sources(run); !opened.ok()) return std::move(opened).error();
  }
}

}  // namespace leat::run
