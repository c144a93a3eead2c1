#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "connectors/csv/layout.hpp"
#include "connectors/csv/memory.hpp"

namespace leat::connectors::csv {

using text_values::Arena;

/// A record that is longer than `max_record_bytes` and was therefore passed by; or what stands
/// above the records and is none.
struct SkippedRecord {
  std::uint64_t bytes = 0;         ///< Its length without its line end.
  std::uint64_t lines_within = 0;  ///< Line ends in it.
  bool unterminated = false;       ///< The file ended within its quotes.
  std::string why_none = {};       ///< Of what stands above the records; else empty.
};

/// Whole records of one file, with the place of the first. Owned by one reader.
struct Block {
  TextBuffer text;
  Arena arena;  ///< Values that do not lie in `text` as they are.
  std::uint32_t size = 0;
  std::uint32_t file = 0;
  /// Number of its first record, from 1; 0: of what stands above the records.
  std::uint64_t first_record = 0;
  std::uint64_t first_line = 0;  ///< Line on which it starts, from 1.
  std::uint64_t byte_offset = 0;
  const Layout* layout = nullptr;
  /// The block is this record and nothing else; `text` holds its first bytes, or all of what stands
  /// above the records.
  std::optional<SkippedRecord> skipped;

  static constexpr std::size_t kSkippedShown = 1000;
};

}  // namespace leat::connectors::csv
