#include "connectors/csv/guess_moments.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/names.hpp"
#include "base/text.hpp"
#include "clients/text_values/time_format.hpp"
#include "connectors/csv/guess_values.hpp"

namespace leat::connectors::csv {
namespace {

/// How one moment is written: as a pattern in which `A` and `B` are the two numbers of which one is
/// the month.
class Form {
 public:
  /// False when it is no moment.
  bool read(std::string_view text) {
    x_text = text;
    pattern.clear();
    if (!read_date()) return false;
    has_time = !x_text.empty();
    return !has_time || (read_time() && x_text.empty());
  }

  std::string pattern;
  int first = 0;
  int second = 0;
  bool is_padded = false;  ///< Both have two digits.
  bool has_time = false;

 private:
  /// 0: there are none, or more.
  std::size_t digits(std::size_t most, int& value) {
    std::size_t count = 0;
    value = 0;
    for (; count < x_text.size() && is_digit(x_text[count]); ++count) {
      if (count == most) return 0;
      value = value * 10 + (x_text[count] - '0');
    }
    x_text.remove_prefix(count);
    return count;
  }

  bool take(char c) {
    if (!x_text.starts_with(c)) return false;
    x_text.remove_prefix(1);
    pattern += c;
    return true;
  }

  char take_any(std::string_view signs) {
    const char c = x_text.empty() ? '\0' : x_text.front();
    return c != '\0' && signs.find(c) != signs.npos && take(c) ? c : '\0';
  }

  bool read_month_name() {
    constexpr std::array<std::string_view, 12> kMonths{
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"};
    const auto letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
    const auto end = std::find_if_not(x_text.begin(), x_text.end(), letter);
    const auto word = to_lower(x_text.substr(0, std::size_t(end - x_text.begin())));
    x_text.remove_prefix(word.size());
    pattern += "%b";
    return std::any_of(kMonths.begin(), kMonths.end(), [&](std::string_view month) {
      return word == month || word == month.substr(0, 3);
    });
  }

  bool read_year() {
    int year = 0;
    const auto count = digits(4, year);
    pattern += count == 2 ? "%y" : "%Y";
    return count == 2 || count == 4;
  }

  bool read_date() {
    if (x_text.empty() || !is_digit(x_text.front())) return read_american_date();
    const auto count = digits(4, first);
    if (count == 4) return read_date_behind_year();
    pattern += 'A';
    const char between = take_any("./- ");
    if (count == 0 || count > 2 || between == '\0' || x_text.empty()) return false;
    if (!is_digit(x_text.front())) {
      pattern = std::string("%d") + between;
      return read_month_name() && take(between) && read_year();
    }
    pattern += 'B';
    const auto second_digits = digits(2, second);
    is_padded = count == 2 && second_digits == 2;
    return between != ' ' && second_digits > 0 && take(between) && read_year();
  }

  /// 2024/1/31
  bool read_date_behind_year() {
    pattern += "%Y";
    const char between = take_any("./-");
    int month = 0;
    int day = 0;
    if (between == '\0' || digits(2, month) == 0) return false;
    pattern += "%m";
    if (!take(between) || digits(2, day) == 0) return false;
    pattern += "%d";
    return true;
  }

  /// Jan 31, 2024
  bool read_american_date() {
    int day = 0;
    if (!read_month_name() || !take(' ') || digits(2, day) == 0) return false;
    pattern += "%d";
    take(',');
    return take(' ') && read_year();
  }

  bool read_time() {
    if (take_any(" T") == '\0') return false;
    const auto hour_at = pattern.size();
    int number = 0;
    pattern += "%H";
    if (digits(2, number) == 0 || !take(':') || digits(2, number) != 2) return false;
    pattern += "%M";
    if (take(':')) {
      if (digits(2, number) != 2) return false;
      pattern += "%S";
      if (take('.')) {
        if (digits(9, number) == 0) return false;
        pattern += "%f";
      }
    }
    return read_half_day(hour_at) && read_offset();
  }

  bool read_half_day(std::size_t hour_at) {
    const auto blanks = std::size_t(x_text.starts_with(' '));
    const auto half = to_lower(x_text.substr(blanks, 2));
    if (half != "am" && half != "pm") return true;
    take(' ');
    x_text.remove_prefix(2);
    pattern += "%p";
    pattern[hour_at + 1] = 'I';
    return true;
  }

  bool read_offset() {
    if (x_text.empty()) return true;
    take(' ');
    pattern += "%z";
    const auto is_of_offset = [](char c) { return is_digit(c) || c == ':'; };
    if (x_text == "Z" || x_text == "UTC") return x_text = {}, true;
    const bool is_signed = x_text.starts_with('+') || x_text.starts_with('-');
    const auto rest = x_text.substr(is_signed);
    const bool is_offset = is_signed && std::all_of(rest.begin(), rest.end(), is_of_offset);
    x_text = {};
    return is_offset;
  }

  std::string_view x_text;
};

bool is_iso(std::string_view text) {
  text_values::Civil civil;
  return text_values::parse_iso_timestamp(text, civil);
}

/// A year of two digits may stand first, and three short numbers are not always a date: such are
/// taken as 1/31/24 and 31.01.24 alone.
bool is_certain(const std::string& pattern, bool is_day_first, bool are_padded) {
  if (pattern.find("%y") == std::string::npos) return true;
  return is_day_first ? pattern[1] == '.' && are_padded : pattern[1] == '/';
}

std::string ordered(std::string form, bool is_day_first) {
  form.replace(2, 1, is_day_first ? "%m" : "%d");
  form.replace(0, 1, is_day_first ? "%d" : "%m");
  return form;
}

}  // namespace

void ColumnMoments::look_at(std::string_view text) {
  if (!x_are_moments || text.empty() || is_missing_mark(text)) return;
  Form form;
  const bool is_like_last = form.read(trimmed(text)) && (!x_has_values || x_form == form.pattern);
  x_have_one_form = x_have_one_form && is_like_last;
  // In ISO a time may be more or less exact.
  x_are_iso = x_are_iso && is_iso(text);
  x_are_moments = x_have_one_form || x_are_iso;
  x_are_padded = x_are_padded && form.is_padded;
  x_first_max = std::max(x_first_max, form.first);
  x_second_max = std::max(x_second_max, form.second);
  x_form = form.pattern;
  x_has_values = true;
}

std::string ColumnMoments::pattern() const {
  if (!x_has_values || !x_are_moments || x_are_iso) return "";
  if (!x_form.starts_with('A')) return x_form;
  const bool is_day_first = x_first_max > 12 && x_first_max <= 31 && x_second_max <= 12;
  const bool is_month_first = x_second_max > 12 && x_second_max <= 31 && x_first_max <= 12;
  if (!is_day_first && !is_month_first) return "";
  return is_certain(x_form, is_day_first, x_are_padded) ? ordered(x_form, is_day_first) : "";
}

std::vector<std::string> ColumnMoments::both_orders() const {
  if (!x_has_values || !x_are_moments || x_are_iso || !x_form.starts_with('A')) return {};
  const bool are_whole = x_form.find("%Y") != std::string::npos;
  if (!are_whole || x_first_max > 12 || x_second_max > 12) return {};
  return {ordered(x_form, true), ordered(x_form, false)};
}

}  // namespace leat::connectors::csv
