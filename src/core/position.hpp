#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace leat {

/// Where a source goes on, as JSON text; empty stands before the first row.
///
/// Promise   it survives the program and is compared as text; what it stands for is told by
///           `inputs_of`.
struct Position {
  std::string text;
  bool is_start() const { return text.empty(); }
  bool operator==(const Position&) const = default;
};

/// Positions after a slice, by the name of the source node.
using PositionMap = std::map<std::string, Position>;

/// How a source that grows is cut. Absent limits mean: all that is there now, in one slice.
struct SliceLimits {
  std::optional<std::uint64_t> rows;
  std::optional<std::uint64_t> bytes;
  /// Somebody will go on from Source::position_after, so it must tell what was touched from what
  /// was changed, even at the cost of a look at every byte.
  bool to_go_on = false;
};

}  // namespace leat
