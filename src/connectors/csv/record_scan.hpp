#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "connectors/csv/structure_scanner.hpp"

namespace leat::connectors::csv {

/// The whole records at the front of a buffer. The only work that is done under the claim's lock.
struct WholeRecords {
  std::size_t end = 0;          ///< After the line end of the last whole record; 0: there is none.
  std::uint64_t records = 0;    ///< Up to `end`.
  std::uint64_t lines = 0;      ///< Physical lines up to `end`.
  std::uint64_t all_lines = 0;  ///< Physical lines in the whole buffer.
  StructureScanner scanner;     ///< At the end of the buffer.
};

/// `text` starts a record, and 64 readable bytes follow its end. It must not end with a CR whose
/// LF may still come. `blank_is_record`: the file has one column.
WholeRecords scan_records(const char* text, std::size_t size, const Dialect& dialect,
                          bool blank_is_record);

/// Looks for the end of the record that `scanner` stands in.
///
/// Shape  Out: offset of the first byte of its line end; nothing when it goes on. `lines` grows by
///        the physical lines that lie within the record.
std::optional<std::size_t> find_record_end(StructureScanner& scanner, const char* text,
                                           std::size_t size, std::uint64_t& lines);

/// Bytes of the line end at `text[at]`, 1 or 2.
inline std::size_t line_end_size(const char* text, std::size_t at, std::size_t size) {
  return text[at] == '\r' && at + 1 < size && text[at + 1] == '\n' ? 2 : 1;
}

}  // namespace leat::connectors::csv
