#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "connectors/csv/file_format.hpp"
#include "connectors/csv/input.hpp"

namespace leat::connectors::csv {

/// A line or a record above the records, which is to be seen all the same.
struct LeftOut {
  std::string text;
  std::uint64_t line = 0;  ///< On which it starts, from 1.
  std::uint64_t byte_offset = 0;
};

/// What stands before the first record of a file.
struct Preamble {
  bool has_header = false;         ///< False: the file ended before it, or none is declared.
  std::vector<std::string> names;  ///< Of its first record; trimmed, without quotes.
  std::uint64_t bytes = 0;         ///< Up to the first record, a byte-order mark included.
  std::uint64_t lines = 0;
  std::vector<LeftOut> left_out;  ///< Where the format sets it aside; without empty lines.
};

/// Whether a line or record that was left out once, where it starts on this line, would be again.
/// Of several header records which one it was is not known: it would be.
bool is_above_records(std::uint64_t line, const FileFormat& format);
/// Why such a line or record is none.
std::string why_left_out(const FileFormat& format);

/// Reads it and leaves the input at the first record.
/// Errors  config, the text is UTF-16 or the header has no end.
Result<Preamble> read_preamble(Input& input, const FileFormat& format);

/// The preamble of a text; nothing when it does not end in it. `is_whole`: nothing follows.
/// 64 readable bytes must follow the text.
std::optional<Preamble> find_preamble(std::string_view text, bool is_whole,
                                      const FileFormat& format);

/// The fields of the first record of a text, as values. 64 readable bytes must follow the text.
std::vector<std::string> first_record(std::string_view text, const Dialect& dialect);

}  // namespace leat::connectors::csv
