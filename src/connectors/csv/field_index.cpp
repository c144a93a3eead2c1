#include "connectors/csv/field_index.hpp"

#include <algorithm>

#include "connectors/csv/record_scan.hpp"

namespace leat::connectors::csv {

[[gnu::always_inline]] inline bool FieldIndex::take(const IndexedText& block, std::uint32_t at,
                                                    const Structure& found,
                                                    std::uint32_t rows_max) {
  const std::uint64_t record_ends = found.record_ends();
  const std::uint64_t field_ends = found.delimiters | record_ends;
  const std::uint64_t quoted_lines = found.line_ends & found.inside;
  const std::uint32_t first_field = x_field_count;
  list_positions(at - (x_dialect.delimiter_size() - 1), field_ends);
  std::uint64_t passed = 0;
  for (std::uint64_t ends = record_ends; ends != 0; ends &= ends - 1) {
    const unsigned bit = lowest_bit(ends);
    const std::uint64_t before = low_bits(bit);
    const std::uint64_t through = low_bits(bit + 1);
    open().lines_within += count_bits(quoted_lines & before & ~passed);
    open().has_junk |= (found.junk & through & ~passed) != 0;
    passed = through;
    x_field_count = first_field + count_bits(field_ends & through);
    finish_record(block, at + bit);
    if (x_record_count == rows_max) return false;
  }
  x_field_count = first_field + count_bits(field_ends);
  if (((quoted_lines | found.junk) & ~passed) != 0) {
    open().lines_within += count_bits(quoted_lines & ~passed);
    open().has_junk |= (found.junk & ~passed) != 0;
  }
  return true;
}

/// A multiple of four, the last of them of no meaning: how many there are is hard to foretell. A
/// delimiter of several bytes stands where its last one does.
[[gnu::always_inline]] inline void FieldIndex::list_positions(std::uint32_t at,
                                                              std::uint64_t bits) {
  if (!x_are_listed) return;
  constexpr std::uint64_t kTop = std::uint64_t{1} << 63;
  if (x_field_ends.size() < x_field_count + 72) x_field_ends.resize(2 * x_field_count + 4096);
  std::uint32_t* out = x_field_ends.data() + x_field_count;
  const std::uint32_t* const end = out + (count_bits(bits) + 3) / 4 * 4;
  for (; out != end; bits &= bits - 1) *out++ = at + lowest_bit(bits | kTop);
}

void FieldIndex::begin_record() {
  open() = {.start = x_offset, .first_field = x_field_count, .line = x_lines};
}

[[gnu::always_inline]] inline void FieldIndex::finish_record(const IndexedText& block,
                                                             std::uint32_t end) {
  Record& record = open();
  record.end = end;
  if (x_are_listed) x_field_ends[x_field_count - 1] = end;
  record.fields = x_field_count - record.first_field;
  const std::uint32_t bytes = end - x_offset;
  const bool is_nothing =
      (bytes == 0 && !block.blank_is_record) || x_dialect.is_comment(block.text + x_offset, bytes);
  x_fields_min = std::min(x_fields_min, record.fields);
  x_fields_max = std::max(x_fields_max, record.fields);
  x_bytes_max = std::max(x_bytes_max, bytes);
  x_has_broken |= record.has_junk || record.unterminated;
  if (!is_nothing) ++x_record_count;
  x_lines += record.lines_within + 1;
  x_offset = end;
  if (end < block.size) {
    x_offset += static_cast<std::uint32_t>(line_end_size(block.text, end, block.size));
  }
  begin_record();
}

void FieldIndex::finish_text(const IndexedText& block, bool in_quotes) {
  if (x_offset >= block.size) return;
  open().unterminated = in_quotes;
  list_positions(block.size, 1);
  ++x_field_count;
  finish_record(block, block.size);
}

[[gnu::always_inline]] inline bool FieldIndex::find_some(const IndexedText& block,
                                                         std::uint32_t rows_max) {
  if (x_records.size() <= rows_max) x_records.resize(rows_max + std::size_t{1});
  x_record_count = x_field_count = x_fields_max = x_bytes_max = 0;
  x_fields_min = ~std::uint32_t{0};
  x_has_broken = false;
  begin_record();
  StructureScanner scanner(x_dialect);
  const std::uint32_t first = x_offset;
  const std::uint32_t size = block.size - first;
  MaskedText masked(block.text + first, size, x_dialect);
  std::uint64_t high = 0;
  bool wants_more = true;
  for (std::uint32_t at = 0; at < size && wants_more; at += 64) {
    const unsigned count = std::min<std::uint32_t>(64, size - at);
    const Structure found = scanner.step(block.text + first + at, count, masked.at(at));
    high |= found.high;
    wants_more = take(block, first + at, found, rows_max);
  }
  x_has_high_bytes = high != 0;
  open().has_junk |= wants_more && scanner.ends_in_junk();
  if (wants_more) finish_text(block, scanner.in_quotes());
  return x_record_count > 0;
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
  const bool none_passed_by = x_field_count == std::uint64_t{x_fields_max} * x_record_count;
  return none_passed_by && x_fields_min == x_fields_max ? x_fields_max : 0;
}

}  // namespace leat::connectors::csv
