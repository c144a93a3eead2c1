#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/node.hpp"

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

/// SQL of an author, with `{{ … }}` put in as typed literals.
///
/// Promise   `text` holds no value that is not a literal; every byte of it has a place.
struct SqlText {
  std::string text;     ///< For the engine.
  std::string written;  ///< For people.
  std::string file;
  std::vector<RenderedPiece> pieces;  ///< Empty: `text` is `written`.
  std::shared_ptr<const TextPlaces> places;

  bool empty() const { return text.empty(); }
  /// Where byte `offset` of `text` stands in the author's file.
  Place place_at(std::size_t offset) const;
};

/// The SQL in a scalar. Option tables use it for members of type SqlText.
SqlText sql_in(const Node& scalar);

}  // namespace leat::config
