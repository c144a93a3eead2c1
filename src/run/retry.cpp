#include "run/retry.hpp"

#include <algorithm>
#include <thread>

namespace leat::run {
namespace {

constexpr Micros kLookEvery{50'000};

/// Between a half and the whole of it, by the run: two runs that failed together part.
Micros jittered(Micros wait, const Uuid& run_id, std::uint64_t attempts) {
  std::uint64_t mix = attempts * 0x9E3779B97F4A7C15u;
  for (const char c : run_id.text()) mix = (mix ^ std::uint64_t(c)) * 0x100000001B3u;
  const auto half = wait.count() / 2;
  return Micros(half + std::int64_t(mix % std::uint64_t(half + 1)));
}

}  // namespace

bool may_pass(const Error& error) {
  return error.fault() == Fault::external && !error.is_busy() && !error.is_refused() &&
         !error.is_cancelled() && !error.is_grave();
}

std::optional<Micros> wait_before_retry(const std::optional<plan::Retry>& retry, const Error& error,
                                        std::uint64_t attempts, const Uuid& run_id) {
  if (!retry || attempts >= retry->attempts) return std::nullopt;
  if (!may_pass(error)) return std::nullopt;
  auto wait = std::chrono::duration_cast<Micros>(retry->delay);
  const auto longest = std::chrono::duration_cast<Micros>(retry->max_delay);
  for (std::uint64_t i = 1; retry->grows && i < attempts && wait < longest; ++i) wait *= 2;
  wait = std::min(wait, longest);
  if (retry->jitter) wait = jittered(wait, run_id, attempts);
  if (const auto asked = error.retry_delay()) {
    wait = std::max(wait, std::chrono::duration_cast<Micros>(*asked));
  }
  return wait;
}

std::optional<std::string> Tries::again(const Error& error) {
  if (is_cancelled()) return std::nullopt;
  const auto wait = wait_before_retry(x_retry, error, ++x_failed, x_run_id);
  if (!wait) return std::nullopt;
  const auto next = x_clock.steady() + *wait;
  if (x_retry->within && next - x_began > *x_retry->within) return std::nullopt;
  while (!is_cancelled() && x_clock.steady() < next) {
    std::this_thread::sleep_for(std::min(kLookEvery, *wait));
  }
  if (is_cancelled()) return std::nullopt;
  return "try " + std::to_string(x_failed) + " of " + std::to_string(x_retry->attempts) +
         " failed: " + error.text();
}

Tries tries_of(const LiveRun& run) {
  return {run.plan.retry, *run.services.clock, run.services.cancel, run.run_id};
}

}  // namespace leat::run
