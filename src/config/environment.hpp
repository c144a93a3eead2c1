#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leat::config {

/// The variables that a command was started with. Tests put others in their place.
///
/// Threads   any.
class Environment {
 public:
  virtual ~Environment() = default;
  virtual std::optional<std::string> find(std::string_view name) const = 0;
  /// Names and values, sorted by name.
  virtual std::vector<std::pair<std::string, std::string>> starting_with(
      std::string_view prefix) const = 0;
};

/// Those of this process.
const Environment& process_environment();

}  // namespace leat::config
