#include "connectors/csv/guess_header.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "base/names.hpp"
#include "connectors/csv/guess_values.hpp"

namespace leat::connectors::csv {
namespace {

/// Are the values of a column mostly numbers or dates, below a first record that may be names?
bool has_numbers(const Fit& fit, std::size_t column) {
  std::size_t numbers = 0;
  std::size_t values = 0;
  for (std::size_t r = fit.skip + 1; r < fit.records.size(); ++r) {
    if (column >= fit.records[r].size() || fit.records[r][column].empty()) continue;
    if (is_missing_mark(fit.records[r][column])) continue;
    ++values;
    numbers += is_number(fit.records[r][column]);
  }
  return values > 0 && numbers * 10 >= values * 8;
}

std::size_t number_columns(const Fit& fit) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < fit.fields; ++i) columns += has_numbers(fit, i);
  return columns;
}

bool is_year(const std::string& text) {
  return text.size() == 4 && (text.starts_with("19") || text.starts_with("20")) && is_number(text);
}

/// A number of the first record that makes it one of values; null: it is one of names. Years name
/// columns where there are several, and a text above numbers is a name.
const std::string* number_among_names(const Fit& fit) {
  const auto& first = fit.records[fit.skip];
  const std::string* found = nullptr;
  std::size_t numbers = 0;
  std::size_t years = 0;
  std::size_t names = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (is_number(first[i])) {
      found = found == nullptr ? &first[i] : found;
      ++numbers;
      years += is_year(first[i]);
    } else {
      names += !first[i].empty() && has_numbers(fit, i);
    }
  }
  const bool are_years = years > 1 && years == numbers;
  return numbers > names && !are_years ? found : nullptr;
}

/// Does one of these texts come again in a column of numbers, below the second record? Then it is a
/// word for a missing number.
bool come_again(const std::set<std::string>& texts, const Fit& fit) {
  for (std::size_t i = 0; i < fit.fields; ++i) {
    if (!has_numbers(fit, i)) continue;
    for (std::size_t r = fit.skip + 2; r < fit.records.size(); ++r) {
      const auto& record = fit.records[r];
      if (i < record.size() && texts.contains(to_lower(record[i]))) return true;
    }
  }
  return false;
}

/// Is the second record one of labels: different texts in columns of numbers, none of them one? In
/// one column alone it may be a bad value, whose row would be gone without a trace, and so it may
/// be beside codes. Markers of missing values repeat, here or below.
bool has_labels(const Fit& fit) {
  if (fit.records.size() < fit.skip + 5) return false;
  const auto& second = fit.records[fit.skip + 1];
  std::set<std::string> labels;
  std::size_t numbers = 0;
  for (std::size_t i = 0; i < std::min(second.size(), fit.fields); ++i) {
    const auto& label = second[i];
    if (label.empty()) continue;
    if (is_number(label) || is_missing_mark(label)) return false;
    if (!labels.insert(to_lower(label)).second) return false;
    numbers += has_numbers(fit, i);
  }
  return numbers > 1 && !come_again(labels, fit);
}

}  // namespace

void guess_header(const Fit& fit, DialectGuess& guess) {
  if (fit.skip >= fit.records.size()) return;
  const auto& first = fit.records[fit.skip];
  std::set<std::string> names;
  for (const auto& name : first) {
    names.insert(to_lower(name));
  }
  if (const auto* number = number_among_names(fit)) {
    guess.header = 0;
    guess.header_reason = "`" + *number + "` in the first record is a number, not a name";
    return;
  }
  if (has_labels(fit)) {
    guess.header = 2;
    guess.header_reason = "no number in the first two records, " +
                          std::to_string(number_columns(fit)) + " columns of numbers below them";
    return;
  }
  if (names.size() < first.size()) {
    guess.header = fit.records.size() > fit.skip + 1 && names.size() * 2 < first.size() ? 0 : 1;
    guess.header_reason = "the first record repeats a text";
    return;
  }
  guess.header_reason = "no number in the first record, " + std::to_string(number_columns(fit)) +
                        " columns of numbers below it";
}

}  // namespace leat::connectors::csv
