#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace leat {

/// A value that cannot be printed, logged, compared or put into an error.
///
/// Promise   the bytes are overwritten when it is destroyed; the only way to them is `reveal`, and
///           a reader can find every use of it by that word.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : x_value(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : x_value(std::move(other.x_value)) { other.wipe(); }
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  bool empty() const { return x_value.empty(); }
  /// For the one call that hands it to another system.
  const std::string& reveal() const { return x_value; }

 private:
  void wipe();
  std::string x_value;
};

/// Where secrets come from: the environment, a file.
class SecretProvider {
 public:
  virtual ~SecretProvider() = default;
  /// Nothing when this provider does not know the name; an error when it could not look.
  virtual Result<std::optional<Secret>> find(std::string_view name) const = 0;
  /// "environment", "file .leat/secrets.yml": for messages, holds no secret.
  virtual std::string describe() const = 0;
};

}  // namespace leat
