#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leat::connectors::files {

/// Where the first character stands that no XML document can hold, or npos: a control character,
/// U+FFFE or U+FFFF. `text` is UTF-8.
std::size_t find_no_xml(std::string_view text);

/// Appends the text of an element. A carriage return is written as a reference, since readers take
/// a bare one for a line feed. The text has no character that XML cannot hold.
void append_xml_text(std::string& out, std::string_view text);

/// Appends the text of a cell of a workbook: what XML cannot hold stands as `_x0007_`, and a text
/// that looks so has its first underscore written so. Source: ECMA-376, ST_Xstring.
void append_sheet_text(std::string& out, std::string_view text);
/// The text that `append_sheet_text` was given.
std::string plain_sheet_text(std::string text);

}  // namespace leat::connectors::files
