#include "connectors/csv/field_index.hpp"

#include <algorithm>

#include "connectors/csv/piece_walk.hpp"
#include "connectors/csv/record_scan.hpp"

namespace leat::connectors::csv {

[[gnu::always_inline]] inline bool FieldIndex::take(const IndexedText& block, std::uint32_t at,
                                                    const Structure& found, std::uint32_t rows_max,
                                                    Progress& now) {
  const std::uint64_t record_ends = found.record_ends();
  const std::uint64_t field_ends = found.delimiters | record_ends;
  const std::uint64_t quoted_lines = found.line_ends & found.inside;
  const std::uint32_t first_field = now.fields;
  list_positions(at - (x_dialect.delimiter_size() - 1), field_ends, now);
  std::uint64_t passed = 0;
  for (std::uint64_t ends = record_ends; ends != 0; ends &= ends - 1) {
    const unsigned bit = lowest_bit(ends);
    const std::uint64_t before = low_bits(bit);
    const std::uint64_t through = low_bits(bit + 1);
    open(now).lines_within += count_bits(quoted_lines & before & ~passed);
    open(now).has_junk |= (found.junk & through & ~passed) != 0;
    passed = through;
    now.fields = first_field + count_bits(field_ends & through);
    finish_record(block, at + bit, now);
    if (now.records == rows_max) return false;
  }
  now.fields = first_field + count_bits(field_ends);
  if (((quoted_lines | found.junk) & ~passed) != 0) {
    open(now).lines_within += count_bits(quoted_lines & ~passed);
    open(now).has_junk |= (found.junk & ~passed) != 0;
  }
  return true;
}

[[gnu::always_inline]] inline bool FieldIndex::take_plain(const IndexedText& block,
                                                          std::uint32_t at, const PlainPiece& piece,
                                                          std::uint32_t rows_max, Progress& now) {
  const std::uint64_t field_ends = piece.delimiters | piece.line_feeds;
  const std::uint32_t first_field = now.fields;
  list_positions(at, field_ends, now);
  for (std::uint64_t ends = piece.line_feeds; ends != 0; ends &= ends - 1) {
    now.fields = first_field + count_bits(field_ends & (ends ^ (ends - 1)));
    finish_record(block, at + lowest_bit(ends), now);
    if (now.records == rows_max) return false;
  }
  now.fields = first_field + count_bits(field_ends);
  return true;
}

/// Twelve at a time, the last of them of no meaning: how many there are is hard to foretell. A
/// delimiter of several bytes stands where its last one does.
[[gnu::always_inline]] inline void FieldIndex::list_positions(std::uint32_t at, std::uint64_t bits,
                                                              const Progress& now) {
  if (!x_are_listed) return;
  constexpr unsigned kAtOnce = 12;
  constexpr std::uint64_t kTop = std::uint64_t{1} << 63;
  if (x_field_ends.size() < now.fields + 72) x_field_ends.resize(2 * now.fields + 4096);
  std::uint32_t* out = x_field_ends.data() + now.fields;
  const unsigned count = count_bits(bits);
  for (unsigned listed = 0; listed < count; listed += kAtOnce, out += kAtOnce) {
#pragma GCC unroll 12
    for (unsigned i = 0; i < kAtOnce; ++i, bits &= bits - 1) out[i] = at + lowest_bit(bits | kTop);
  }
}

[[gnu::always_inline]] inline void FieldIndex::begin_record(const Progress& now) {
  open(now) = {.start = now.offset, .first_field = now.fields, .line = now.lines};
}

[[gnu::always_inline]] inline void FieldIndex::finish_record(const IndexedText& block,
                                                             std::uint32_t end, Progress& now) {
  Record& record = open(now);
  record.end = end;
  if (x_are_listed) x_field_ends[now.fields - 1] = end;
  record.fields = now.fields - record.first_field;
  const std::uint32_t bytes = end - now.offset;
  const bool is_nothing = (bytes == 0 && !block.blank_is_record) ||
                          x_dialect.is_comment(block.text + now.offset, bytes);
  now.fields_min = std::min(now.fields_min, record.fields);
  now.fields_max = std::max(now.fields_max, record.fields);
  now.bytes_max = std::max(now.bytes_max, bytes);
  now.has_broken |= record.has_junk || record.unterminated;
  if (!is_nothing) ++now.records;
  now.lines += record.lines_within + 1;
  now.offset = end;
  if (end < block.size) {
    now.offset += static_cast<std::uint32_t>(line_end_size(block.text, end, block.size));
  }
  begin_record(now);
}

void FieldIndex::finish_text(const IndexedText& block, bool in_quotes, Progress& now) {
  if (now.offset >= block.size) return;
  open(now).unterminated = in_quotes;
  list_positions(block.size, 1, now);
  ++now.fields;
  finish_record(block, block.size, now);
}

[[gnu::always_inline]] inline bool FieldIndex::find_some(const IndexedText& block,
                                                         std::uint32_t rows_max) {
  if (x_records.size() <= rows_max) x_records.resize(rows_max + std::size_t{1});
  const std::uint32_t first = x_now.offset;
  Progress now{.offset = first, .lines = x_now.lines, .fields_min = ~std::uint32_t{0}};
  begin_record(now);
  StructureScanner scanner(x_dialect);
  PieceWalk walk(block.text + first, block.size - first, scanner);
  bool wants_more = true;
  walk.go(
      [&](std::size_t at, const PlainPiece& piece) __attribute__((always_inline)) {
        return wants_more =
                   take_plain(block, first + static_cast<std::uint32_t>(at), piece, rows_max, now);
      },
      [&](std::size_t at, const Structure& found) __attribute__((always_inline)) {
        return wants_more =
                   take(block, first + static_cast<std::uint32_t>(at), found, rows_max, now);
      });
  x_now = now;
  x_has_high_bytes = walk.has_high();
  if (wants_more) {
    open(x_now).has_junk |= scanner.ends_in_junk();
    finish_text(block, scanner.in_quotes(), x_now);
  }
  return x_now.records > 0;
}

bool FieldIndex::advance_newer(const IndexedText& block, std::uint32_t rows_max) {
  return find_some(block, rows_max);
}

bool FieldIndex::advance_older(const IndexedText& block, std::uint32_t rows_max) {
  return find_some(block, rows_max);
}

bool FieldIndex::advance(const IndexedText& block, std::uint32_t rows_max) {
  return is_newer_cpu() ? advance_newer(block, rows_max) : advance_older(block, rows_max);
}

std::uint32_t FieldIndex::fields_of_each() const {
  const bool none_passed_by = x_now.fields == std::uint64_t{x_now.fields_max} * x_now.records;
  return none_passed_by && x_now.fields_min == x_now.fields_max ? x_now.fields_max : 0;
}

}  // namespace leat::connectors::csv
