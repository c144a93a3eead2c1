#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/seal.hpp"

namespace leat::connectors::postgres {

/// What one reader reads next.
struct Piece {
  std::string select;                  ///< Rows that the server sends …
  std::unique_ptr<PartReader> sealed;  ///< … or, where it is not null, those of a sealed part.
  std::unique_ptr<PartWriter> into;    ///< Where rows of the server are kept; null: nowhere.
};

/// Pieces that are made when they are asked for: each row is in one of them.
///
/// Threads   any.
class PieceMaker {
 public:
  virtual ~PieceMaker() = default;
  /// Nothing: there is no other one. `form` says how its rows travel.
  virtual Result<std::optional<Piece>> take(const std::string& form) = 0;
  /// A reader was told that there is no other one: what it kept is durable when this returns.
  virtual Status finish() = 0;
  /// What came of one that the server has sent.
  virtual void note(std::uint64_t rows, std::uint64_t bytes, std::chrono::microseconds took) = 0;
};

}  // namespace leat::connectors::postgres
