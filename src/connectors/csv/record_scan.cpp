#include "connectors/csv/record_scan.hpp"

#include <algorithm>

namespace leat::connectors::csv {

WholeRecords scan_records(const char* text, std::size_t size, const Dialect& dialect,
                          bool blank_is_record) {
  WholeRecords out{.scanner = StructureScanner(dialect)};
  for (std::size_t at = 0; at < size; at += 64) {
    const auto count = static_cast<unsigned>(std::min<std::size_t>(64, size - at));
    const Structure found = out.scanner.step(text + at, count);
    if (found.line_ends == 0) continue;
    unsigned last = 0;
    for (std::uint64_t ends = found.record_ends(); ends != 0; ends &= ends - 1) {
      last = lowest_bit(ends);
      const std::size_t bytes = at + last - out.end;
      const bool is_nothing =
          (bytes == 0 && !blank_is_record) || dialect.is_comment(text + out.end, bytes);
      if (!is_nothing) ++out.records;
      out.end = at + last + line_end_size(text, at + last, size);
    }
    if (found.record_ends() != 0) {
      out.lines = out.all_lines + count_few(found.line_ends & low_bits(last + 1));
    }
    out.all_lines += count_few(found.line_ends);
  }
  return out;
}

std::optional<std::size_t> find_record_end(StructureScanner& scanner, const char* text,
                                           std::size_t size, std::uint64_t& lines) {
  for (std::size_t at = 0; at < size; at += 64) {
    const auto count = static_cast<unsigned>(std::min<std::size_t>(64, size - at));
    const Structure found = scanner.step(text + at, count);
    if (found.record_ends() != 0) {
      const unsigned bit = lowest_bit(found.record_ends());
      lines += count_few(found.line_ends & low_bits(bit));
      return at + bit;
    }
    lines += count_few(found.line_ends);
  }
  return std::nullopt;
}

}  // namespace leat::connectors::csv
