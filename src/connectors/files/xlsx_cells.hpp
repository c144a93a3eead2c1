#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat::connectors::files {

/// What a cell's number format makes of its number.
enum class XlsxLook : std::uint8_t { number, date, moment, time };

/// By the number format's code: "yyyy-mm-dd" is a date.
XlsxLook look_of_code(std::string_view code);
/// By the number of a format that every workbook has.
XlsxLook look_of_builtin(std::uint32_t id);

/// A cell as it stands in a sheet.
struct XlsxCell {
  enum class Kind : std::uint8_t { number, text, shared, boolean, error, iso };
  std::uint32_t column = 0;  ///< From 0.
  Kind kind = Kind::number;
  XlsxLook look = XlsxLook::number;
  bool is_formula = false;
  bool has_value = false;
  std::string text;
};

/// A row of a sheet; cells by column, empty ones left out.
struct XlsxRow {
  std::uint64_t number = 0;  ///< From 1.
  std::vector<XlsxCell> cells;
};

/// What is said of a cell.
struct XlsxText {
  std::string text;
  std::string fault;      ///< Why it has no value.
  bool is_error = false;  ///< An error of the sheet: #N/A, #DIV/0!
};

/// A cell as text that the decoders read: numbers in their shortest form, moments in ISO form.
///
/// Missing  a formula whose result was never computed is a fault; so is a day that does not exist.
XlsxText text_of(const XlsxCell& cell, const std::vector<std::string>& shared, bool from_1904);

/// "AB12" is column 27 and row 12; a part that is not there is 0 (the column: nothing).
struct XlsxPlace {
  std::optional<std::uint32_t> column;
  std::uint64_t row = 0;
};
std::optional<XlsxPlace> parse_place(std::string_view text);
/// 27 is "AB".
std::string letters_of(std::uint32_t column);

}  // namespace leat::connectors::files
