#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace leat {

using Micros = std::chrono::microseconds;
inline constexpr std::int64_t kMicrosADay = 86'400'000'000;
/// An instant in UTC with microsecond resolution.
using Instant = std::chrono::sys_time<Micros>;

/// Where time comes from, so that a test can stop it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  /// Grows steadily whatever happens to the wall clock; only differences mean anything.
  virtual Micros steady() const = 0;
};

/// The machine's own clock. Lives as long as the program.
const Clock& system_clock();

/// "2026-01-31T06:00:00.123456Z"
std::string format_instant(Instant instant);
/// What `format_instant` writes, with up to six digits of a second or none, and `Z` or nothing.
Result<Instant> parse_instant(std::string_view text);
/// "2026-01-31"; a day that the calendar has.
Result<std::chrono::sys_days> parse_date(std::string_view text);

}  // namespace leat
