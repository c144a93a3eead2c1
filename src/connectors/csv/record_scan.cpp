#include "connectors/csv/record_scan.hpp"

#include "connectors/csv/piece_walk.hpp"

namespace leat::connectors::csv {

namespace {

/// Every record that ends in these 64 bytes from `at` on holds something, as far as its line ends
/// tell at a glance.
bool has_no_blank(const WholeRecords& so_far, std::size_t at, std::uint64_t ends, bool has_cr) {
  const std::uint64_t starts = (ends << 1) | (has_cr ? ends << 2 : 0);
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

/// `ends`, not 0: where records end in these 64 bytes.
[[gnu::always_inline]] inline void take_ends(const ScannedText& in, std::size_t at,
                                             std::uint64_t ends, bool has_cr, WholeRecords& out) {
  if (in.dialect.has_comments() || !has_no_blank(out, at, ends, has_cr)) {
    return take_ends_one_by_one(in, at, ends, out);
  }
  const std::size_t last = at + highest_bit(ends);
  out.records += count_bits(ends);
  out.end = last + line_end_size(in.text, last, in.size);
}

[[gnu::always_inline]] inline WholeRecords scan(const ScannedText& in) {
  WholeRecords out{.scanner = StructureScanner(in.dialect)};
  const auto take_plain = [&](std::size_t at, const PlainPiece& piece)
                              __attribute__((always_inline)) {
                                if (piece.line_feeds == 0) return true;
                                take_ends(in, at, piece.line_feeds, false, out);
                                out.lines = out.all_lines += count_bits(piece.line_feeds);
                                return true;
                              };
  const auto take = [&](std::size_t at, const Structure& found) __attribute__((always_inline)) {
    if (const std::uint64_t ends = found.record_ends(); ends != 0) {
      take_ends(in, at, ends, true, out);
      out.lines = out.all_lines + count_bits(found.line_ends & low_bits(highest_bit(ends) + 1));
    }
    out.all_lines += count_bits(found.line_ends);
    return true;
  };
  PieceWalk(in.text, in.size, out.scanner).go(take_plain, take);
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
  std::optional<std::size_t> end;
  const auto look = [&](std::size_t at, std::uint64_t ends, std::uint64_t line_ends) {
    if (ends != 0) end = at + lowest_bit(ends);
    lines += count_bits(ends == 0 ? line_ends : line_ends & low_bits(lowest_bit(ends)));
    return ends == 0;
  };
  PieceWalk(text, size, scanner)
      .go([&](std::size_t at,
              const PlainPiece& piece) { return look(at, piece.line_feeds, piece.line_feeds); },
          [&](std::size_t at, const Structure& found) {
            return look(at, found.record_ends(), found.line_ends);
          });
  return end;
}

}  // namespace leat::connectors::csv
