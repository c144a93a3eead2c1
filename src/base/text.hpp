#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leat {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Without the blanks, tabs and line ends at both ends.
std::string_view trimmed(std::string_view text);
/// Of a text that will not outlive the call.
std::string trimmed(std::string&& text);

/// "a, b"
std::string joined(const std::vector<std::string>& words, std::string_view between = ", ");

}  // namespace leat
