#include "connectors/csv/record_scan.hpp"

#include <algorithm>

namespace leat::connectors::csv {

namespace {

/// Every record that ends in these 64 bytes from `at` on holds something, as far as its line ends
/// tell at a glance.
bool has_no_blank(const WholeRecords& so_far, std::size_t at, std::uint64_t ends,
                  const ByteMasks& masks) {
  const std::uint64_t starts = (ends << 1) | (masks.cr == 0 ? 0 : ends << 2);
  return (ends & starts) == 0 && at + lowest_bit(ends) != so_far.end;
}

/// The text of a scan, and what of it counts.
struct ScannedText {
  const char* text;
  std::size_t size;
  const Dialect& dialect;
  bool blank_is_record;
};

void take_ends_one_by_one(const ScannedText& in, std::size_t at, std::uint64_t ends,
                          WholeRecords& out) {
  for (; ends != 0; ends &= ends - 1) {
    const std::size_t end = at + lowest_bit(ends);
    const std::size_t bytes = end - out.end;
    const bool is_nothing =
        (bytes == 0 && !in.blank_is_record) || in.dialect.is_comment(in.text + out.end, bytes);
    if (!is_nothing) ++out.records;
    out.end = end + line_end_size(in.text, end, in.size);
  }
}

[[gnu::always_inline]] inline WholeRecords scan(const ScannedText& in) {
  WholeRecords out{.scanner = StructureScanner(in.dialect)};
  MaskedText masked(in.text, in.size, in.dialect);
  for (std::size_t at = 0; at < in.size; at += 64) {
    const auto count = static_cast<unsigned>(std::min<std::size_t>(64, in.size - at));
    const ByteMasks& masks = masked.at(at);
    const Structure found = out.scanner.step(in.text + at, count, masks);
    if (found.line_ends == 0) continue;
    if (const std::uint64_t ends = found.record_ends(); ends != 0) {
      const unsigned last = highest_bit(ends);
      if (!in.dialect.has_comments() && has_no_blank(out, at, ends, masks)) {
        out.records += count_bits(ends);
        out.end = at + last + line_end_size(in.text, at + last, in.size);
      } else {
        take_ends_one_by_one(in, at, ends, out);
      }
      out.lines = out.all_lines + count_bits(found.line_ends & low_bits(last + 1));
    }
    out.all_lines += count_bits(found.line_ends);
  }
  return out;
}

[[gnu::target("avx2,bmi,bmi2,popcnt")]] WholeRecords scan_newer(const ScannedText& in) {
  return scan(in);
}
WholeRecords scan_older(const ScannedText& in) { return scan(in); }

}  // namespace

WholeRecords scan_records(const char* text, std::size_t size, const Dialect& dialect,
                          bool blank_is_record) {
  return (is_newer_cpu() ? scan_newer : scan_older)({text, size, dialect, blank_is_record});
}

std::optional<std::size_t> find_record_end(StructureScanner& scanner, const char* text,
                                           std::size_t size, std::uint64_t& lines) {
  MaskedText masked(text, size, scanner.dialect());
  for (std::size_t at = 0; at < size; at += 64) {
    const auto count = static_cast<unsigned>(std::min<std::size_t>(64, size - at));
    const Structure found = scanner.step(text + at, count, masked.at(at));
    if (found.record_ends() != 0) {
      const unsigned bit = lowest_bit(found.record_ends());
      lines += count_bits(found.line_ends & low_bits(bit));
      return at + bit;
    }
    lines += count_bits(found.line_ends);
  }
  return std::nullopt;
}

}  // namespace leat::connectors::csv
