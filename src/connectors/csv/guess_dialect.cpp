#include "connectors/csv/guess_dialect.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "base/names.hpp"
#include "connectors/csv/guess_values.hpp"
#include "connectors/csv/layout.hpp"

namespace leat::connectors::csv {
namespace {

using Fields = std::vector<std::string>;
constexpr std::size_t kRecordsTried = 1000;
constexpr std::size_t kSkippedMost = 20;
constexpr std::array<std::string_view, 4> kUsual{",", ";", "\t", "|"};
constexpr std::array<std::string_view, 14> kLong{"~|~", "|~|", "#|#", "^|^", "|@|", "|^|", "||",
                                                 ";;",  "::",  "~~",  "^^",  "##",  "@@",  "¬"};

/// Records of the sample under one dialect; the last one may be cut off.
std::vector<Fields> split(std::string_view text, std::string_view delimiter, char quote,
                          bool is_whole) {
  std::vector<Fields> records;
  Fields record(1);
  bool inside = false;
  bool ended = true;
  for (std::size_t i = 0; i < text.size() && records.size() < kRecordsTried; ++i) {
    const char c = text[i];
    ended = false;
    if (inside) {
      if (c != quote) {
        record.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == quote) {
        record.back() += text[i++];
      } else {
        inside = false;
      }
    } else if (c == quote && record.back().empty()) {
      inside = true;
    } else if (c == delimiter[0] && text.substr(i).starts_with(delimiter)) {
      record.emplace_back();
      i += delimiter.size() - 1;
    } else if (c == '\n' || c == '\r') {
      if (record.size() > 1 || !record.back().empty()) records.push_back(std::move(record));
      record.assign(1, "");
      ended = true;
    } else {
      record.back() += c;
    }
  }
  if (is_whole && !ended && !inside) records.push_back(std::move(record));
  return records;
}

/// How well a dialect fits.
struct Fit {
  std::string_view delimiter = ",";
  char quote = '"';
  std::vector<Fields> records;
  std::size_t fields = 1;  ///< Of most records.
  std::size_t fitting = 0;
  std::size_t skip = 0;  ///< Records before the first that fits, where there are few of them.

  std::size_t judged() const { return records.size() - skip; }
  double share() const { return judged() == 0 ? 0 : double(fitting) / double(judged()); }
  /// Over all records: what must be skipped to make a dialect fit speaks against it.
  double score() const {
    if (fields < 2 || records.empty()) return 0;
    return double(fitting) / double(records.size()) *
           (1 + double(std::min<std::size_t>(fields, 20)) / 100);
  }
};

std::size_t filled(const Fields& record) {
  return std::size_t(std::count_if(record.begin(), record.end(),
                                   [](const std::string& field) { return !field.empty(); }));
}

/// A spreadsheet fills its titles up with delimiters: records of mostly nothing, above a full one.
void skip_titles(Fit& fit) {
  if (fit.fields < 3) return;
  auto at = fit.skip;
  while (at < fit.records.size() && filled(fit.records[at]) * 2 <= fit.fields) ++at;
  if (at == fit.records.size() || at > kSkippedMost) return;
  for (auto i = fit.skip; i < at; ++i) fit.fitting -= fit.records[i].size() == fit.fields;
  fit.skip = at;
}

bool is_number(const std::string& text) {
  if (text.empty()) return false;
  bool digit = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digit = true;
    } else if (std::string_view("+-.,/: eE%").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return digit;
}

bool has_number(const Fields& record) {
  return std::any_of(record.begin(), record.end(),
                     [](const std::string& field) { return is_number(field); });
}

/// Names of columns of which one has none: the record below them is no better header.
bool are_names(const Fit& fit, const Fields& record) {
  const auto& below = fit.records[fit.skip];
  const bool is_full = record.size() >= 2 && record.size() < fit.fields &&
                       filled(record) == record.size() && !has_number(record);
  if (!is_full || fit.records.size() < fit.skip + 2) return false;
  return has_number(below) || !has_number(fit.records[fit.skip + 1]);
}

/// What stands above is not skipped where it is the names, or a table of its own: no row of it may
/// go without a trace.
void keep_names_and_tables(Fit& fit) {
  if (fit.skip == 0) return;
  for (std::size_t i = 0; i + 1 < fit.skip; ++i) {
    const bool is_table = fit.records[i].size() >= 2 && filled(fit.records[i]) >= 2 &&
                          fit.records[i].size() == fit.records[i + 1].size() &&
                          filled(fit.records[i + 1]) >= 2 && has_number(fit.records[i + 1]);
    if (is_table) fit.skip = i;
  }
  if (fit.skip > 0 && are_names(fit, fit.records[fit.skip - 1])) --fit.skip;
}

Fit try_dialect(std::string_view text, std::string_view delimiter, char quote, bool is_whole) {
  Fit fit;
  fit.delimiter = delimiter;
  fit.quote = quote;
  fit.records = split(text, delimiter, quote, is_whole);
  std::map<std::size_t, std::size_t> counts;
  for (const auto& record : fit.records) ++counts[record.size()];
  for (const auto& [fields, count] : counts) {
    if (count < fit.fitting) continue;
    fit.fields = fields;
    fit.fitting = count;
  }
  while (fit.skip < fit.records.size() && fit.records[fit.skip].size() != fit.fields) ++fit.skip;
  if (fit.skip > kSkippedMost || fit.skip * 2 > fit.records.size()) fit.skip = 0;
  keep_names_and_tables(fit);
  skip_titles(fit);
  return fit;
}

/// Fields that begin with the quote that the dialect does not have: the other one may be meant.
std::size_t foreign_quotes(const Fit& fit) {
  const char other = fit.quote == '"' ? '\'' : '"';
  std::size_t fields = 0;
  for (const auto& record : fit.records) {
    fields += std::size_t(std::count_if(record.begin(), record.end(), [&](const auto& field) {
      return !field.empty() && field.front() == other;
    }));
  }
  return fields;
}

/// Under the quote that fits better, unless it tears apart what the other one holds together.
Fit try_quotes(std::string_view text, std::string_view delimiter, bool is_whole) {
  auto fit = try_dialect(text, delimiter, '"', is_whole);
  auto other = try_dialect(text, delimiter, '\'', is_whole);
  const bool is_better = other.score() > fit.score();
  return is_better && foreign_quotes(other) <= foreign_quotes(fit) ? other : fit;
}

std::string name_of(std::string_view delimiter) {
  return delimiter == "\t" ? "a tab" : "`" + std::string(delimiter) + "`";
}

/// Is `fit` what `best`, under a delimiter of one character, has only seen a part of?
bool explains(const Fit& fit, const Fit& best) {
  if (fit.fields < 2 || fit.skip > 0 || fit.records.size() < 2) return false;
  if (fit.fitting < fit.records.size()) return false;
  if (best.fields < 2) return true;
  const auto times = std::count(fit.delimiter.begin(), fit.delimiter.end(), best.delimiter[0]);
  if (std::size_t(times) * (fit.fields - 1) + 1 != best.fields) return false;
  const auto has_part = [&](const std::string& field) {
    return field.find(best.delimiter) != std::string::npos;
  };
  return std::none_of(fit.records.begin(), fit.records.end(), [&](const Fields& record) {
    return std::any_of(record.begin(), record.end(), has_part);
  });
}

/// How the text falls under each delimiter, best first.
std::vector<Fit> try_all(std::string_view text, bool is_whole, std::string_view only) {
  if (!only.empty()) return {try_quotes(text, only, is_whole)};
  std::vector<Fit> fits;
  for (const auto delimiter : kUsual) fits.push_back(try_quotes(text, delimiter, is_whole));
  std::stable_sort(fits.begin(), fits.end(),
                   [](const Fit& a, const Fit& b) { return a.score() > b.score(); });
  for (const auto delimiter : kLong) {
    if (text.find(delimiter) == std::string_view::npos) continue;
    auto fit = try_quotes(text, delimiter, is_whole);
    if (!explains(fit, fits[0])) continue;
    fits.insert(fits.begin(), std::move(fit));
    break;
  }
  return fits;
}

/// A part of the longer delimiter is no rival.
double confidence_in(const Fit& best, const Fit& next) {
  if (best.fields < 2) return 0.5;
  const bool is_rival = best.delimiter.find(next.delimiter) == std::string_view::npos;
  const double lost = is_rival ? 0.25 * next.score() / best.score() : 0;
  return std::clamp(best.share() - lost, 0.0, 1.0);
}

std::string told(const Fit& fit) {
  return std::to_string(fit.fitting) + " of " + std::to_string(fit.judged()) + " records into " +
         std::to_string(fit.fields) + (fit.fields == 1 ? " field" : " fields");
}

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

/// Is the second record one of labels: different texts in columns of numbers, none of them one?
/// Markers of missing values repeat.
bool has_labels(const Fit& fit) {
  if (fit.records.size() < fit.skip + 5) return false;
  const auto& second = fit.records[fit.skip + 1];
  std::set<std::string> labels;
  std::size_t numbers = 0;
  for (std::size_t i = 0; i < std::min(second.size(), fit.fields); ++i) {
    if (second[i].empty()) continue;
    if (is_number(second[i]) || is_missing_mark(second[i]) || !labels.insert(second[i]).second)
      return false;
    numbers += has_numbers(fit, i);
  }
  return numbers > 1;
}

void judge_header(const Fit& fit, DialectGuess& guess) {
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

/// As the reader will call the columns.
std::vector<std::string> column_names(const Fit& fit, const DialectGuess& guess) {
  if (guess.header == 0 || fit.skip >= fit.records.size()) {
    return unique_names(Fields(fit.fields));
  }
  auto names = fit.records[fit.skip];
  for (auto& name : names) {
    name.erase(0, name.find_first_not_of(" \t"));
    name.erase(name.find_last_not_of(" \t") + 1);
  }
  return unique_names(names);
}

/// Lines before the record that comes first: records that were skipped, and empty lines.
int lines_before(std::string_view text, const Fit& fit) {
  if (fit.skip == 0) return 0;
  std::size_t seen = 0;
  int lines = 0;
  std::size_t start = 0;
  while (start < text.size() && seen < fit.skip) {
    auto end = text.find('\n', start);
    if (end == std::string_view::npos) end = text.size();
    auto line = text.substr(start, end - start);
    if (line.ends_with('\r')) line.remove_suffix(1);
    seen += !line.empty();
    ++lines;
    start = end + 1;
  }
  return lines;
}

/// Does a record hold one text of several words, and nothing else?
bool is_note(const Fields& record) {
  return filled(record) == 1 && record.front().size() >= 10 &&
         record.front().find(' ') != std::string::npos && !is_number(record.front());
}

/// Records at the end that are none, below one that is.
int notes_at_end(const Fit& fit, bool is_whole) {
  if (!is_whole || fit.fields < 2 || fit.records.size() >= kRecordsTried) return 0;
  std::size_t notes = 0;
  while (notes < fit.judged() && is_note(fit.records[fit.records.size() - 1 - notes])) ++notes;
  return notes <= kSkippedMost && notes * 2 < fit.judged() ? int(notes) : 0;
}

}  // namespace

DialectGuess guess_dialect(std::string_view sample, bool is_whole, std::string_view only) {
  if (sample.starts_with("\xEF\xBB\xBF")) sample.remove_prefix(3);
  const auto fits = try_all(sample, is_whole, only);
  const auto& best = fits[0];
  const auto next = fits.size() > 1 ? fits[1] : Fit{};
  DialectGuess guess;
  guess.fields = best.fields;
  guess.confidence = confidence_in(best, next);
  if (best.fields < 2) {
    guess.reason = "no delimiter splits the records alike: one column";
  } else {
    guess.delimiter = best.delimiter;
    guess.quote = best.quote;
    guess.skip = lines_before(sample, best);
    guess.reason = name_of(best.delimiter) + " splits " + told(best);
    guess.reason += next.fields < 2 ? "; no other does"
                                    : "; " + name_of(next.delimiter) + " splits " + told(next);
  }
  judge_header(best, guess);
  guess.notes = notes_at_end(best, is_whole);
  const auto first = std::min(best.records.size(), best.skip + std::size_t(guess.header));
  guess_values(std::span(best.records)
                   .subspan(first, best.records.size() - first - std::size_t(guess.notes)),
               column_names(best, guess), guess);
  return guess;
}

}  // namespace leat::connectors::csv
