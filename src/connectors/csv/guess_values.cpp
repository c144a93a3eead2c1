#include "connectors/csv/guess_values.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

namespace leat::connectors::csv {
namespace {

using Records = std::span<const std::vector<std::string>>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && is_digit(text[at + count])) ++count;
  return count;
}

/// What the values of a column say of the decimal sign.
struct Decimals {
  bool are_numbers = true;
  bool has_point = false;
  bool has_comma = false;
  bool is_certain = false;  ///< A comma that parts no thousands.

  void look_at(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    const auto whole = digits_at(text, 0);
    are_numbers = are_numbers && whole > 0;
    if (!are_numbers || whole == text.size()) return;
    const auto part = digits_at(text, whole + 1);
    are_numbers = part > 0 && whole + 1 + part == text.size();
    if (!are_numbers) return;
    has_point = has_point || text[whole] == '.';
    has_comma = has_comma || text[whole] == ',';
    are_numbers = text[whole] == '.' || text[whole] == ',';
    is_certain = is_certain || (text[whole] == ',' && (part != 3 || whole > 3 || text[0] == '0'));
  }
};

/// Whether they are days as 2024-01-31.
struct IsoDays {
  bool are_days = true;
  bool has_some = false;

  void look_at(std::string_view text) {
    const bool fits = text.size() == 10 && digits_at(text, 0) == 4 && digits_at(text, 5) == 2 &&
                      digits_at(text, 8) == 2 && text[4] == '-' && text[7] == '-';
    are_days = are_days && fits;
    has_some = true;
  }
};

/// What the values of a column say of the order of day and month: 31.01.2024, 12/31/2024.
struct Days {
  bool are_days = true;
  char sign = 0;
  int first_max = 0;
  int second_max = 0;

  void look_at(std::string_view text) {
    const bool fits = text.size() == 10 && digits_at(text, 0) == 2 && digits_at(text, 3) == 2 &&
                      digits_at(text, 6) == 4 && text[2] == text[5] &&
                      std::string_view("./-").find(text[2]) != std::string_view::npos;
    are_days = are_days && fits && (sign == 0 || sign == text[2]);
    if (!are_days) return;
    sign = text[2];
    first_max = std::max(first_max, (text[0] - '0') * 10 + (text[1] - '0'));
    second_max = std::max(second_max, (text[3] - '0') * 10 + (text[4] - '0'));
  }

  /// Empty: no days, or nobody can tell which number is the month.
  std::string pattern() const {
    if (!are_days || sign == 0) return "";
    const std::string between(1, sign);
    if (first_max > 12 && second_max <= 12) return "%d" + between + "%m" + between + "%Y";
    if (second_max > 12 && first_max <= 12) return "%m" + between + "%d" + between + "%Y";
    return "";
  }
};

template <typename Finding>
Finding look_at(Records records, std::size_t column) {
  Finding finding;
  for (const auto& record : records) {
    if (column < record.size() && !record[column].empty()) finding.look_at(record[column]);
  }
  return finding;
}

}  // namespace

void guess_values(Records records, DialectGuess& guess) {
  bool has_point = false;
  bool has_comma = false;
  bool has_iso = false;  // One format is for all columns.
  std::vector<std::string> patterns;
  for (std::size_t column = 0; column < guess.fields; ++column) {
    const auto decimals = look_at<Decimals>(records, column);
    has_point = has_point || (decimals.are_numbers && decimals.has_point);
    has_comma = has_comma || (decimals.are_numbers && decimals.has_comma && decimals.is_certain);
    const auto iso = look_at<IsoDays>(records, column);
    has_iso = has_iso || (iso.are_days && iso.has_some);
    const auto pattern = look_at<Days>(records, column).pattern();
    if (!pattern.empty()) patterns.push_back(pattern);
  }
  if (has_comma && !has_point) guess.decimal = ',';
  const bool agree = std::all_of(patterns.begin(), patterns.end(),
                                 [&](const auto& pattern) { return pattern == patterns.front(); });
  if (!patterns.empty() && agree && !has_iso) guess.date_format = patterns.front();
}

}  // namespace leat::connectors::csv
