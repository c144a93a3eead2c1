#pragma once

#include <cstdint>
#include <vector>

#include "connectors/csv/structure_scanner.hpp"

namespace leat::connectors::csv {

/// Where a record lies in its block.
struct Record {
  std::uint32_t start = 0;
  std::uint32_t end = 0;          ///< Of its content; the line end follows.
  std::uint32_t first_field = 0;  ///< Index into FieldIndex::field_ends.
  std::uint32_t fields = 0;
  std::uint32_t line = 0;          ///< Line ends in the block before it.
  std::uint32_t lines_within = 0;  ///< Line ends in it, all of them within quotes.
  bool has_junk = false;           ///< Text after a closing quote.
  bool unterminated = false;       ///< The file ended within quotes.
};

/// A block's whole records, as the index sees it.
struct IndexedText {
  const char* text = nullptr;  ///< 64 readable bytes follow its end.
  std::uint32_t size = 0;
  bool blank_is_record = false;
};

/// Finds the fields of the next records of a block.
///
/// Calls    `reset` when a block begins, then `advance` until it finds none.
/// Shape    field f of record r ends at field_ends[r.first_field + f] and starts after the end of
///          the field before it.
class FieldIndex {
 public:
  explicit FieldIndex(const Dialect& dialect) : x_dialect(dialect) {}

  void reset() { x_offset = x_lines = 0; }
  /// Finds up to `rows_max` records; false when there is none.
  bool advance(const IndexedText& block, std::uint32_t rows_max);

  const std::vector<Record>& records() const { return x_records; }
  const std::vector<std::uint32_t>& field_ends() const { return x_field_ends; }
  /// A byte of 0x80 or above is among the records, or close by.
  bool has_high_bytes() const { return x_has_high_bytes; }

 private:
  /// Takes one piece apart; false when `rows_max` records are there.
  bool take(const IndexedText& block, std::uint32_t at, const Structure& found,
            std::uint32_t rows_max);
  void take_fields(std::uint32_t at, std::uint64_t ends);
  void finish_record(const IndexedText& block, std::uint32_t end);
  void finish_text(const IndexedText& block, bool in_quotes);

  Dialect x_dialect;
  std::vector<Record> x_records;
  std::vector<std::uint32_t> x_field_ends;
  std::size_t x_field_count = 0;  ///< Used part of x_field_ends while a block is indexed.
  Record x_open;                  ///< The record that is being indexed.
  std::uint32_t x_offset = 0;
  std::uint32_t x_lines = 0;
  bool x_has_high_bytes = false;
};

}  // namespace leat::connectors::csv
