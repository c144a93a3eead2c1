#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace leat {

/// The column by which the new rows of a table are found.
struct Cursor {
  std::string column;
  /// How far below the greatest value rows are read again: of dates and timestamps …
  std::optional<std::chrono::milliseconds> lookback;
  /// … and of numbers.
  std::optional<std::int64_t> lookback_by;

  bool looks_back() const { return lookback || lookback_by; }
  bool operator==(const Cursor&) const = default;
};

}  // namespace leat
