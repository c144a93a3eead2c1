#pragma once

#include <cstdint>

namespace leat::connectors::csv {

/// How the bytes of a file fall into records and fields.
///
/// Shape   A record ends at LF, CRLF or CR outside quotes. A field is quoted when its first byte
///         (blanks aside with `trim`) is the quote; a quote anywhere else in an unquoted field is
///         data. An empty line is no record unless the file has one column.
struct Dialect {
  char delimiter = ',';
  char quote = '"';
  char escape = '"';         ///< Makes the next quote data; equal to `quote`: quotes are doubled.
  bool has_delimiter = true; ///< False: a record is one field (fixed width).
  bool has_quote = true;
  bool trim = false;         ///< Blanks around values, and around quoted values, do not count.

  bool is_blank(char c) const { return (c == ' ' || c == '\t') && c != delimiter; }
  bool doubles_quotes() const { return escape == quote; }
};

}  // namespace leat::connectors::csv
