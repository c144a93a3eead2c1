#pragma once

#include <cstddef>
#include <cstdint>

namespace leat::connectors::csv {

/// How the bytes of a file fall into records and fields.
///
/// Shape   A record ends at LF, CRLF or CR outside quotes. A field is quoted when its first byte
///         (blanks aside with `trim`) is the quote; a quote anywhere else in an unquoted field is
///         data. An empty line is no record unless the file has one column.
///         A comment ends with its physical line and may hold anything.
struct Dialect {
  char delimiter = ',';
  char quote = '"';
  char escape = '"';          ///< Makes the next quote data; equal to `quote`: quotes are doubled.
  bool has_delimiter = true;  ///< False: a record is one field (fixed width).
  bool has_quote = true;
  bool trim = false;    ///< Blanks around values do not count, within quotes and without.
  char comment = '\0';  ///< First byte of records that are none; 0: there are no such.

  bool is_blank(char c) const { return (c == ' ' || c == '\t') && c != delimiter; }
  bool has_comments() const { return comment != '\0'; }
  /// `size` bytes at `start` that end a record hold nothing to read.
  bool is_comment(const char* start, std::size_t size) const {
    return has_comments() && size > 0 && *start == comment;
  }
  bool doubles_quotes() const { return escape == quote; }
};

}  // namespace leat::connectors::csv
