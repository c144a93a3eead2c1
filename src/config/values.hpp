#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/error.hpp"

namespace leat::config {

/// A number of bytes: "512MB".
struct Bytes {
  std::uint64_t count = 0;
  bool operator==(const Bytes&) const = default;
};

/// A length of time: "30m".
struct Duration {
  std::chrono::milliseconds length{0};
  bool operator==(const Duration&) const = default;
};

/// A share between 0 and 1: "5%".
struct Share {
  double of_one = 0;
  bool operator==(const Share&) const = default;
};

/// The name in `${secret:name}`. The secret itself is fetched when a connection is built.
struct SecretRef {
  std::string name;
  Place place;
};

/// A value with its place, for what only a later step can judge.
template <typename T>
struct Located {
  T text{};
  Place place{};
  int length = 1;
};

}  // namespace leat::config
