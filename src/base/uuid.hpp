#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace leat {

/// 128 bits that name a run or a publish. Sorted by time when made by `make_uuid7`.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  bool is_zero() const { return *this == Uuid{}; }
  std::string text() const;  ///< "0192f3c4-…", 36 lower-case characters
};

/// A version 7 UUID of this moment, with 74 random bits from the operating system.
Uuid make_uuid7(const Clock& clock);
Result<Uuid> parse_uuid(std::string_view text);

}  // namespace leat
