#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace leat::connectors::csv {

/// How the bytes of a file fall into records and fields.
///
/// Shape   A record ends at LF, CRLF or CR outside quotes. A field is quoted when its first byte
///         (blanks aside with `trim`) is the quote; a quote anywhere else in an unquoted field is
///         data. An empty line is no record unless the file has one column.
///         A comment ends with its physical line and may hold anything. A delimiter of several
///         bytes is found from the left; bytes that are only its beginning are data.
struct Dialect {
  static constexpr std::size_t kDelimiterBytesMax = 16;

  char delimiter = ',';  ///< The first byte of a longer one.
  char quote = '"';
  char escape = '"';          ///< Makes the next quote data; equal to `quote`: quotes are doubled.
  bool has_delimiter = true;  ///< False: a record is one field (fixed width).
  bool has_quote = true;
  bool trim = false;    ///< Blanks around values do not count, within quotes and without.
  char comment = '\0';  ///< First byte of records that are none; 0: there are no such.

  /// The other bytes of a delimiter that has more than one, and how many those are.
  std::array<char, kDelimiterBytesMax - 1> delimiter_rest{};
  std::uint8_t delimiter_rest_size = 0;

  /// `text` has 1 to kDelimiterBytesMax bytes, none of them a line end or the quote.
  void set_delimiter(std::string_view text) {
    delimiter = text.front();
    delimiter_rest_size = static_cast<std::uint8_t>(text.copy(delimiter_rest.data(), 15, 1));
  }
  bool has_long_delimiter() const { return delimiter_rest_size > 0; }
  std::uint32_t delimiter_size() const { return 1U + delimiter_rest_size; }
  char delimiter_byte(std::size_t at) const { return at == 0 ? delimiter : delimiter_rest[at - 1]; }
  std::string delimiter_text() const {
    return delimiter + std::string(delimiter_rest.data(), delimiter_rest_size);
  }

  bool is_blank(char c) const {
    return (c == ' ' || c == '\t') && (c != delimiter || has_long_delimiter());
  }
  bool has_comments() const { return comment != '\0'; }
  /// `size` bytes at `start` that end a record hold nothing to read.
  bool is_comment(const char* start, std::size_t size) const {
    return has_comments() && size > 0 && *start == comment;
  }
  bool doubles_quotes() const { return escape == quote; }
};

}  // namespace leat::connectors::csv
