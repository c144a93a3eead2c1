#include "connectors/csv/guess_dialect.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "connectors/csv/dialect_fit.hpp"
#include "connectors/csv/guess_header.hpp"
#include "connectors/csv/guess_values.hpp"
#include "connectors/csv/layout.hpp"

namespace leat::connectors::csv {
namespace {

std::string name_of(std::string_view delimiter) {
  return delimiter == "\t" ? "a tab" : "`" + std::string(delimiter) + "`";
}

/// A part of the longer delimiter is no rival.
double confidence_in(const Fit& best, const Fit& next) {
  if (best.fields < 2) return 0.5;
  if (best.fitting == 0) return 0;
  const bool is_rival = best.delimiter.find(next.delimiter) == std::string_view::npos;
  const double lost = is_rival ? 0.25 * next.score() / best.score() : 0;
  return std::clamp(best.share() - lost, 0.0, 1.0);
}

std::string told(const Fit& fit) {
  return std::to_string(fit.fitting) + " of " + std::to_string(fit.judged()) + " records into " +
         std::to_string(fit.fields) + (fit.fields == 1 ? " field" : " fields");
}

/// As the reader will call the columns.
std::vector<std::string> column_names(const Fit& fit, const DialectGuess& guess) {
  if (guess.header == 0 || fit.skip >= fit.records.size()) {
    return unique_names(SampleRecord(fit.fields));
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
    const auto end = std::min(text.find_first_of("\r\n", start), text.size());
    seen += end > start;
    ++lines;
    start = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
  }
  return lines;
}

/// Does a record hold one text of several words, and nothing else?
bool is_note(const SampleRecord& record) {
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
    guess.escape = best.escape;
    guess.skip = lines_before(sample, best);
    guess.reason = name_of(best.delimiter) + " splits " + told(best);
    guess.reason += next.fields < 2 ? "; no other does"
                                    : "; " + name_of(next.delimiter) + " splits " + told(next);
  }
  guess_header(best, guess);
  guess.notes = notes_at_end(best, is_whole);
  const auto first = std::min(best.records.size(), best.skip + std::size_t(guess.header));
  guess_values(std::span(best.records)
                   .subspan(first, best.records.size() - first - std::size_t(guess.notes)),
               column_names(best, guess), guess);
  return guess;
}

}  // namespace leat::connectors::csv
