#pragma once

#include <cstdint>
#include <span>
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

/// Whether the ends of fields are kept, or fields only counted, where none of them is read.
enum class Fields { listed, counted };

/// Finds the fields of the next records of a block.
///
/// Calls    `reset` when a block begins, then `advance` until it finds none.
/// Shape    field f of record r ends at field_ends[r.first_field + f] and starts after the end of
///          the field before it. Where they are counted, field_ends is of no meaning.
class FieldIndex {
 public:
  explicit FieldIndex(const Dialect& dialect, Fields fields = Fields::listed)
      : x_dialect(dialect), x_are_listed(fields == Fields::listed) {}

  void reset() { x_now.offset = x_now.lines = 0; }
  /// Finds up to `rows_max` records; false when there is none.
  bool advance(const IndexedText& block, std::uint32_t rows_max);

  std::span<const Record> records() const { return {x_records.data(), x_now.records}; }
  const std::vector<std::uint32_t>& field_ends() const { return x_field_ends; }
  /// Fields of every record, where all have as many and none was passed by; else 0. Field f of
  /// record r then ends at field_ends[r * fields + f].
  std::uint32_t fields_of_each() const;
  /// The longest record.
  std::uint32_t bytes_max() const { return x_now.bytes_max; }
  /// A record has junk, or no end.
  bool has_broken() const { return x_now.has_broken; }
  /// A byte of 0x80 or above is among the records, or close by.
  bool has_high_bytes() const { return x_has_high_bytes; }

 private:
  /// What changes with each piece: a local of `find_some`, so that it stays in registers.
  struct Progress {
    std::uint32_t records = 0;
    std::uint32_t fields = 0;      ///< Used part of x_field_ends.
    std::uint32_t offset = 0;      ///< Where the open record starts.
    std::uint32_t lines = 0;       ///< Line ends before it.
    std::uint32_t fields_min = 0;  ///< Of all records, those that are none too.
    std::uint32_t fields_max = 0;
    std::uint32_t bytes_max = 0;
    bool has_broken = false;
  };

  [[gnu::target("avx2,bmi,bmi2,popcnt")]] bool advance_newer(const IndexedText& block,
                                                             std::uint32_t rows_max);
  bool advance_older(const IndexedText& block, std::uint32_t rows_max);
  bool find_some(const IndexedText& block, std::uint32_t rows_max);
  /// The record that is being indexed.
  Record& open(const Progress& now) { return x_records[now.records]; }
  void begin_record(const Progress& now);
  /// Takes one piece apart; false when `rows_max` records are there.
  bool take(const IndexedText& block, std::uint32_t at, const Structure& found,
            std::uint32_t rows_max, Progress& now);
  /// As `take`, of a plain piece.
  bool take_plain(const IndexedText& block, std::uint32_t at, const PlainPiece& piece,
                  std::uint32_t rows_max, Progress& now);
  /// Where the bits stand, from `at` on, behind the used part of x_field_ends.
  void list_positions(std::uint32_t at, std::uint64_t bits, const Progress& now);
  /// The last field of the used part ends it.
  void finish_record(const IndexedText& block, std::uint32_t end, Progress& now);
  void finish_text(const IndexedText& block, bool in_quotes, Progress& now);

  Dialect x_dialect;
  bool x_are_listed;
  bool x_has_high_bytes = false;
  std::vector<Record> x_records;  ///< One more than were found, the open one.
  std::vector<std::uint32_t> x_field_ends;
  Progress x_now;
};

}  // namespace leat::connectors::csv
