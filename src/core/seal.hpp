#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace leat {

/// How a long extract is cut into parts that outlive a kill. The least of the limits counts.
struct SealRule {
  std::string key;  ///< The column by whose values it is cut.
  std::optional<std::uint64_t> rows;
  std::optional<std::uint64_t> bytes;  ///< About: of rows that were not read yet it is a guess.
  std::optional<std::chrono::milliseconds> every;  ///< About, as well.
  bool operator==(const SealRule&) const = default;
};

/// Which rows of an extract a part has, as its source writes them.
struct PartBounds {
  std::uint64_t number = 0;          ///< From 1, in the order of the key.
  std::optional<std::string> after;  ///< Rows with greater keys; nothing: from the first on.
  std::optional<std::string> upto;   ///< This key is the greatest; nothing: to the end.
  std::string form;                  ///< How its rows are written.
  std::string state;                 ///< Of what was read, when the part was.
};

/// A part that lies sealed.
struct SealedPart {
  PartBounds bounds;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::string digest;     ///< SHA-256 of its rows, in hex.
  std::string sealed_at;  ///< For people.
};

/// Writes one part. Without `seal` nothing of it stays.
///
/// Threads   one.
/// Errors    external  the disk, also where it failed for another part: what is written reaches it
///                     later.
class PartWriter {
 public:
  virtual ~PartWriter() = default;
  /// One row, as it travels.
  virtual Status add(std::string_view row) = 0;
  /// These are all. Once it is durable the next run need not read them again: soon, and at the
  /// latest when `settle` of the store returns.
  virtual Status seal() = 0;
};

/// Reads one part.
class PartReader {
 public:
  virtual ~PartReader() = default;
  /// One row, until the next call; nothing at the end.
  virtual Result<std::optional<std::string_view>> next() = 0;
};

/// The sealed parts of one extract, in the folder of artifacts.
///
/// Calls     `open`, then the others.
/// Threads   any, after `open`.
/// Promise   a part that is listed is whole and durable. Parts of another extract are removed, and
///           so is everything once the extract is published.
/// Errors    external  the disk.
class PartStore {
 public:
  virtual ~PartStore() = default;
  /// `identity`: of what is read, and how. Parts that were sealed under another one are removed.
  virtual Status open(const std::string& identity) = 0;
  /// By number.
  virtual std::vector<SealedPart> parts() const = 0;
  virtual Result<std::unique_ptr<PartWriter>> begin(const PartBounds& bounds) = 0;
  /// Nothing where its bytes are not those that were sealed: then it is removed, and said.
  virtual Result<std::unique_ptr<PartReader>> read(const SealedPart& part) = 0;
  /// Waits until every part that was sealed is durable.
  virtual Status settle() = 0;
  virtual Status remove(const SealedPart& part, const std::string& why) = 0;
};

}  // namespace leat
