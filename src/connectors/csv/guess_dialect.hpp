#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/csv/part_fit.hpp"

namespace leat::connectors::csv {

/// A column of days or instants of which no value tells the day from the month, so that it is text.
struct UntoldOrder {
  std::string column;
  std::vector<std::string> patterns;  ///< How it may be read.
};

/// How a text that nobody described seems to fall into records and fields.
struct DialectGuess {
  std::string delimiter = ",";
  char quote = '"';
  char escape = '"';               ///< Of quotes; the quote itself: they are doubled.
  int header = 1;                  ///< Rows of names: 0, 1, or 2 with labels.
  int skip = 0;                    ///< Lines before them.
  char decimal = '.';              ///< A comma where numbers are written so.
  std::string thousands;           ///< Between groups of digits; empty: there are none.
  std::vector<std::string> signs;  ///< Beside numbers: $, %.
  std::vector<std::string> nulls;  ///< Besides the empty text: marks of what is missing.
  /// The same by column, of marks that are values elsewhere, or stand in one column.
  std::vector<std::pair<std::string, std::vector<std::string>>> column_nulls;
  std::string encoding;  ///< As the option calls it; empty: UTF-8, or it says what it is.
  /// Of parts, where others may be UTF-8: rows that are not are set aside, and somebody has to say.
  std::string likely_encoding;
  std::string encoding_reason;  ///< Of either.
  int notes = 0;                ///< Lines at the very end that look like notes.
  /// By column, strftime patterns of dates and timestamps that are not ISO.
  std::vector<std::pair<std::string, std::string>> column_formats;
  std::vector<UntoldOrder> untold_orders;
  std::size_t fields = 0;     ///< Of most records.
  double confidence = 0;      ///< 0 to 1: the share of records that fit, less what rivals fit.
  std::string reason;         ///< Why this delimiter, and what speaks against it.
  bool is_doubted = false;    ///< A part falls otherwise; the reason says where.
  std::string header_reason;  ///< Why there are names, or none.

  /// Is there something above the records besides the names?
  bool leaves_out() const { return skip > 0 || header > 1; }
};

/// Why such a column is text, and what says how it is to be read.
std::string told_untold(const UntoldOrder& untold, const DialectGuess& guess);

/// What says the encoding that is likely.
std::string told_likely_encoding(const DialectGuess& guess);

/// Tries the usual delimiters, or `only` that one, with `"` and `'` around fields, on the start of
/// a file and on parts from further on. The one under which most records have the same number of
/// fields, more than one, is taken. One of several characters is where every record falls alike
/// under it, and what a shorter one splits are its parts. What stands above the records and what
/// they are called is told by the start alone. `name`: of its file, where there are others.
DialectGuess guess_dialect(std::string_view start, bool is_whole, std::string_view only = {},
                           std::span<const SamplePart> parts = {}, std::string_view name = {});

}  // namespace leat::connectors::csv
