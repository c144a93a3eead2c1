#include "connectors/csv/guess_values.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "connectors/csv/guess_moments.hpp"

namespace leat::connectors::csv {
namespace {

using Records = std::span<const std::vector<std::string>>;

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && is_digit(text[at + count])) ++count;
  return count;
}

/// What stands beside numbers of money and shares.
constexpr std::array<std::string_view, 6> kSigns{"$", "€", "£", "¥", "₹", "%"};

/// What the values of one column, or of all, say of commas and points in numbers.
struct Separators {
  bool is_decimal[2] = {false, false};  ///< By separator: comma, point.
  bool is_thousands[2] = {false, false};
  bool is_either[2] = {false, false};  ///< 1,234 may be both.

  void join(const Separators& other) {
    for (const int i : {0, 1}) {
      is_decimal[i] = is_decimal[i] || other.is_decimal[i];
      is_thousands[i] = is_thousands[i] || other.is_thousands[i];
      is_either[i] = is_either[i] || other.is_either[i];
    }
  }
};

/// Marks between groups of digits that are no decimal sign, and what the option calls them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kGroupMarks{
    {{" ", " "}, {"\u00A0", " "}, {"\u202F", " "}, {"'", "'"}, {"’", "’"}}};

/// A whole column of numbers, or none.
struct Numbers {
  bool are_numbers = true;
  Separators separators;
  std::set<std::string_view> signs;

  void look_at(std::string_view text) {
    if (!are_numbers) return;
    drop_minus(text);
    drop_sign(text);
    drop_minus(text);
    const auto plain = without_marks(text);
    x_has_short = x_has_short || plain.size() <= 3;
    are_numbers = look_at_digits(plain);
  }

  bool is_of_numbers() const { return are_numbers && (x_marks.empty() || tells_marks()); }
  /// What stands between groups of digits, besides commas and points.
  const std::set<std::string_view>& marks() const { return x_marks; }

 private:
  static const std::pair<std::string_view, std::string_view>* mark_at(std::string_view text) {
    const auto mark = std::find_if(kGroupMarks.begin(), kGroupMarks.end(),
                                   [&](const auto& one) { return text.starts_with(one.first); });
    return mark == kGroupMarks.end() ? nullptr : &*mark;
  }

  /// The number without the marks between its groups of three digits.
  std::string without_marks(std::string_view text) {
    const auto first = digits_at(text, 0);
    if (first == 0 || first > 3 || text[0] == '0') return std::string(text);
    std::string plain(text.substr(0, first));
    text.remove_prefix(first);
    for (const auto* mark = mark_at(text); mark != nullptr; mark = mark_at(text)) {
      if (digits_at(text, mark->first.size()) != 3) break;
      plain += text.substr(mark->first.size(), 3);
      text.remove_prefix(mark->first.size() + 3);
      x_marks.insert(mark->second);
    }
    return plain += text;
  }

  /// Groups in every value may be those of telephone numbers and other codes: amounts have decimals
  /// or some of them are too short for a mark.
  bool tells_marks() const {
    return separators.is_decimal[0] || separators.is_decimal[1] || x_has_short;
  }

  static void drop_minus(std::string_view& text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  }

  void drop_sign(std::string_view& text) {
    for (const auto sign : kSigns) {
      const bool is_before = text.starts_with(sign);
      if (!is_before && !text.ends_with(sign)) continue;
      is_before ? text.remove_prefix(sign.size()) : text.remove_suffix(sign.size());
      drop_blanks(text);
      signs.insert(sign);
      return;
    }
  }

  static void drop_blanks(std::string_view& text) {
    for (const auto& [blank, name] : kGroupMarks) {
      if (name != " ") continue;
      while (text.starts_with(blank)) text.remove_prefix(blank.size());
      while (text.ends_with(blank)) text.remove_suffix(blank.size());
    }
  }

  /// Digits with commas and points between them, in an order that makes sense.
  bool look_at_digits(std::string_view text) {
    std::vector<std::size_t> groups{digits_at(text, 0)};
    std::string order;  // Of the separators.
    for (auto at = groups[0]; at < text.size(); at += 1 + groups.back()) {
      if (text[at] != ',' && text[at] != '.') return false;
      order += text[at];
      groups.push_back(digits_at(text, at + 1));
    }
    if (std::find(groups.begin(), groups.end(), 0u) != groups.end()) return false;
    if (order.empty()) return true;
    const int last = order.back() == '.';
    const bool parts_thousands = groups[0] <= 3 && text[0] != '0';
    const auto are_threes = [&](std::size_t end) {
      return parts_thousands &&
             std::all_of(groups.begin() + 1, groups.begin() + std::ptrdiff_t(end),
                         [](std::size_t size) { return size == 3; });
    };
    if (order.size() == 1) {
      (are_threes(2) ? separators.is_either : separators.is_decimal)[last] = true;
      return true;
    }
    const auto firsts = std::string(order.size() - 1, order[0]);
    if (order == firsts + order[0]) {
      separators.is_thousands[last] = true;
      return are_threes(groups.size());
    }
    separators.is_thousands[1 - last] = separators.is_decimal[last] = true;
    return order.starts_with(firsts) && are_threes(groups.size() - 1);
  }

  std::set<std::string_view> x_marks;
  bool x_has_short = false;  ///< A value is too short for a mark.
};

Numbers numbers_of(Records records, std::size_t column) {
  Numbers finding;
  for (const auto& record : records) {
    const bool is_there = column < record.size() && !record[column].empty();
    if (is_there && !is_missing_mark(record[column])) finding.look_at(record[column]);
  }
  return finding;
}

/// Marks that mean nothing but that there is nothing, and words that may be values elsewhere.
constexpr std::array<std::string_view, 17> kMarks{"-",   "--",   "---",  "*",   "**",  "***",
                                                  ".",   "..",   "...",  "(X)", "(x)", "(D)",
                                                  "(S)", "(NA)", "(NM)", "(L)", "(N)"};
constexpr std::array<std::string_view, 9> kMarkWords{"NA",   "N/A",  "n/a",  "#N/A", "NULL",
                                                     "null", "None", "none", "nan"};

template <std::size_t kCount>
bool is_among(std::string_view text, const std::array<std::string_view, kCount>& all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

/// Which marks stand among numbers, and which among texts.
class Marks {
 public:
  void look_at(Records records, std::size_t column) {
    Seen seen;
    seen.column = column;
    Numbers numbers;
    for (const auto& record : records) {
      if (column >= record.size() || record[column].empty()) continue;
      std::string_view text = record[column];
      if (is_missing_mark(text)) {
        seen.marks.emplace(text);
        continue;
      }
      // A number at which a scale ends: 250,000+ and more.
      if (text.size() > 1 && (text.ends_with('+') || text.ends_with('-'))) text.remove_suffix(1);
      numbers.look_at(text);
      seen.has_values = true;
    }
    seen.has_texts = !numbers.is_of_numbers();
    x_columns.push_back(std::move(seen));
  }

  /// A mark in several columns of numbers, and in none of texts, is one wherever it stands; so it
  /// is where all columns are of numbers. One column's may be a value elsewhere.
  void tell(const std::vector<std::string>& names, DialectGuess& guess) const {
    const bool is_everywhere = std::all_of(x_columns.begin(), x_columns.end(), is_of_numbers);
    std::map<std::size_t, std::vector<std::string>> by_column;
    for (const auto& mark : all_marks()) {
      const auto among = std::count_if(x_columns.begin(), x_columns.end(), [&](const Seen& seen) {
        return is_of_numbers(seen) && seen.marks.contains(mark);
      });
      if (among == 0) continue;
      const bool is_value = std::any_of(x_columns.begin(), x_columns.end(), [&](const Seen& seen) {
        return seen.has_texts && seen.marks.contains(mark);
      });
      if (!is_value && (is_everywhere || among > 1)) {
        guess.nulls.push_back(mark);
        continue;
      }
      for (const auto& seen : x_columns) {
        if (!seen.has_texts && seen.marks.contains(mark)) by_column[seen.column].push_back(mark);
      }
    }
    for (auto& [column, marks] : by_column) {
      if (column < names.size()) guess.column_nulls.emplace_back(names[column], std::move(marks));
    }
  }

 private:
  struct Seen {
    std::size_t column = 0;
    std::set<std::string> marks;
    bool has_values = false;
    bool has_texts = false;
  };

  static bool is_of_numbers(const Seen& seen) { return seen.has_values && !seen.has_texts; }

  std::set<std::string> all_marks() const {
    std::set<std::string> all;
    for (const auto& seen : x_columns) all.insert(seen.marks.begin(), seen.marks.end());
    return all;
  }

  std::vector<Seen> x_columns;
};

}  // namespace

bool is_missing_mark(std::string_view text) {
  return is_among(text, kMarks) || is_among(text, kMarkWords);
}

namespace {

/// Only what no value speaks against.
void decide(const Separators& all, DialectGuess& guess) {
  const char signs[] = {',', '.'};
  for (const int decimal : {0, 1}) {
    const int other = 1 - decimal;
    if (all.is_decimal[other] || all.is_thousands[decimal]) continue;
    if (decimal == 0 && !all.is_decimal[0]) continue;
    const bool is_certain =
        all.is_thousands[other] || (all.is_either[other] && all.is_decimal[decimal]);
    guess.decimal = signs[decimal];
    if (is_certain) guess.thousands = signs[other];
    return;
  }
}

void guess_moments(Records records, std::size_t column, const std::string& name,
                   DialectGuess& guess) {
  ColumnMoments moments;
  for (const auto& record : records) {
    if (column < record.size()) moments.look_at(record[column]);
  }
  if (auto pattern = moments.pattern(); !pattern.empty()) {
    guess.column_formats.emplace_back(name, std::move(pattern));
  }
  if (auto both = moments.both_orders(); !both.empty()) {
    guess.untold_orders.push_back({name, std::move(both)});
  }
}

}  // namespace

void guess_values(Records records, const std::vector<std::string>& names, DialectGuess& guess) {
  Separators all;
  Marks marks;
  std::set<std::string_view> signs;
  std::set<std::string_view> group_marks;
  for (std::size_t column = 0; column < guess.fields; ++column) {
    marks.look_at(records, column);
    const auto numbers = numbers_of(records, column);
    if (numbers.is_of_numbers()) {
      all.join(numbers.separators);
      group_marks.insert(numbers.marks().begin(), numbers.marks().end());
      signs.insert(numbers.signs.begin(), numbers.signs.end());
    }
  }
  decide(all, guess);
  if (guess.thousands.empty() && group_marks.size() == 1) guess.thousands = *group_marks.begin();
  marks.tell(names, guess);
  guess.signs.assign(signs.begin(), signs.end());
  for (std::size_t column = 0; column < std::min(guess.fields, names.size()); ++column) {
    guess_moments(records, column, names[column], guess);
  }
}

}  // namespace leat::connectors::csv
