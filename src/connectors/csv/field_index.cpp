#include "connectors/csv/field_index.hpp"

#include <algorithm>

#include "connectors/csv/record_scan.hpp"

namespace leat::connectors::csv {

bool FieldIndex::advance(const IndexedText& block, std::uint32_t rows_max) {
  x_records.clear();
  x_field_count = 0;
  x_has_high_bytes = false;
  x_open = Record{.start = x_offset, .line = x_lines};
  StructureScanner scanner(x_dialect);
  bool wants_more = true;
  for (std::uint32_t at = x_offset; at < block.size && wants_more; at += 64) {
    const unsigned count = std::min<std::uint32_t>(64, block.size - at);
    const Structure found = scanner.step(block.text + at, count);
    x_has_high_bytes |= found.high != 0;
    if (x_field_ends.size() < x_field_count + 64) x_field_ends.resize(2 * x_field_count + 4096);
    wants_more = take(block, at, found, rows_max);
  }
  if (wants_more) finish_text(block, scanner.in_quotes());
  return !x_records.empty();
}

bool FieldIndex::take(const IndexedText& block, std::uint32_t at, const Structure& found,
                      std::uint32_t rows_max) {
  std::uint64_t fields = found.delimiters;
  std::uint64_t quoted_lines = found.line_ends & found.inside;
  std::uint64_t junk = found.junk;
  for (std::uint64_t ends = found.record_ends(); ends != 0; ends &= ends - 1) {
    const unsigned bit = lowest_bit(ends);
    const std::uint64_t before = low_bits(bit);
    take_fields(at, fields & before);
    x_open.lines_within += count_few(quoted_lines & before);
    x_open.has_junk |= (junk & before) != 0;
    finish_record(block, at + bit);
    if (x_records.size() == rows_max) return false;
    fields &= ~before;
    quoted_lines &= ~before;
    junk &= ~before;
  }
  take_fields(at, fields);
  x_open.lines_within += count_few(quoted_lines);
  x_open.has_junk |= junk != 0;
  return true;
}

void FieldIndex::take_fields(std::uint32_t at, std::uint64_t ends) {
  std::uint32_t* out = x_field_ends.data() + x_field_count;
  for (; ends != 0; ends &= ends - 1) *out++ = at + lowest_bit(ends);
  x_field_count = static_cast<std::size_t>(out - x_field_ends.data());
}

void FieldIndex::finish_record(const IndexedText& block, std::uint32_t end) {
  if (x_field_ends.size() == x_field_count) x_field_ends.resize(2 * x_field_count + 64);
  x_field_ends[x_field_count++] = end;
  x_open.end = end;
  x_open.fields = static_cast<std::uint32_t>(x_field_count) - x_open.first_field;
  const std::uint32_t bytes = end - x_open.start;
  const bool is_nothing = (bytes == 0 && !block.blank_is_record) ||
                          x_dialect.is_comment(block.text + x_open.start, bytes);
  const std::uint32_t lines = x_open.line + x_open.lines_within + 1;
  if (!is_nothing) x_records.push_back(x_open);
  x_lines = lines;
  x_offset = end;
  if (end < block.size) {
    x_offset += static_cast<std::uint32_t>(line_end_size(block.text, end, block.size));
  }
  x_open = Record{
      .start = x_offset, .first_field = static_cast<std::uint32_t>(x_field_count), .line = x_lines};
}

void FieldIndex::finish_text(const IndexedText& block, bool in_quotes) {
  if (x_open.start >= block.size) return;
  x_open.unterminated = in_quotes;
  finish_record(block, block.size);
}

}  // namespace leat::connectors::csv
