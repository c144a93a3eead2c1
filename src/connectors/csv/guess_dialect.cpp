#include "connectors/csv/guess_dialect.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "base/utf8.hpp"
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
  const bool is_rival = best.form.delimiter.find(next.form.delimiter) == std::string_view::npos;
  const double lost = is_rival ? 0.25 * next.score() / best.score() : 0;
  return std::clamp(best.share() - lost, 0.0, 1.0);
}

std::string told(const Fit& fit) {
  return std::to_string(fit.all_fitting()) + " of " + std::to_string(fit.all_judged()) +
         " records into " + std::to_string(fit.fields) + (fit.fields == 1 ? " field" : " fields");
}

/// "byte 1,048,576 of `b.csv`": where a part begins.
std::string place_of(const SamplePart& part) {
  const auto byte = "byte " + format_count(part.offset);
  if (part.file.empty()) return byte;
  const auto name = "`" + printable(part.file) + "`";
  return part.starts_file ? name : byte + " of " + name;
}

/// What lies behind the first records of the start, and then the parts.
std::vector<const PartFit*> further(const Fit& fit) {
  std::vector<const PartFit*> out{&fit.rest};
  for (const auto& part : fit.parts) out.push_back(&part);
  return out;
}

/// What splits a part that another dialect should; empty: nothing does.
std::string told_rival(std::span<const Fit> fits, std::size_t part) {
  const Fit* best = nullptr;
  const PartFit* found = nullptr;
  for (const auto& fit : fits) {
    const auto all = further(fit);
    if (part >= all.size() || all[part]->fields < 2) continue;
    if (found != nullptr && all[part]->of_fields <= found->of_fields) continue;
    best = &fit;
    found = all[part];
  }
  if (found == nullptr || found->of_fields * 2 < found->records) return "";
  return " (" + name_of(best->form.delimiter) + " splits " + std::to_string(found->of_fields) +
         " of them into " + std::to_string(found->fields) + ")";
}

/// Which part speaks against the best dialect, of which `places` say where they are; empty: none,
/// or the start does not bear it out. Of the start a few notes at its end do not.
std::string told_against(std::span<const Fit> fits, std::span<const std::string> places) {
  const auto& best = fits[0];
  if (best.fitting * 2 < best.judged()) return "";
  std::string told;
  std::size_t more = 0;
  const auto all = further(best);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& part = *all[i];
    const bool is_notes = i == 0 && part.records <= kSkippedMost;
    if (is_notes || !part.disagrees()) continue;
    more += !told.empty();
    if (!told.empty()) continue;
    told = "; at " + places[i] + " only " + std::to_string(part.fitting) + " of " +
           std::to_string(part.records) + " records" + told_rival(fits, i);
  }
  if (more == 0) return told;
  return told + ", and likewise at " + counted(more, "more place") + " of " +
         std::to_string(all.size() - (best.rest.records == 0));
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

/// The records of the sample that may tell how values are written, from `first` on; of another file
/// where it names its columns alike.
std::vector<SampleRecord> records_of(const Fit& fit, std::span<const SamplePart> parts,
                                     std::size_t first, std::size_t notes) {
  std::vector<SampleRecord> records(fit.records.begin() + std::ptrdiff_t(first),
                                    fit.records.end() - std::ptrdiff_t(notes));
  const auto take = [&](std::span<const SampleRecord> more) {
    for (const auto& record : more) {
      if (record.size() == fit.fields) records.push_back(record);
    }
  };
  take(fit.rest.kept);
  bool is_alike = true;
  for (std::size_t i = 0; i < fit.parts.size(); ++i) {
    std::span<const SampleRecord> more(fit.parts[i].kept);
    if (parts[i].starts_file) {
      const auto rows_of_names = std::min(first - fit.skip, more.size());
      is_alike = rows_of_names == 0 || more[0] == fit.records[fit.skip];
      more = more.subspan(rows_of_names);
    }
    if (is_alike) take(more);
  }
  return records;
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

/// What the order of days in other columns makes likely, and not more.
std::string likely_pattern(const UntoldOrder& untold, const DialectGuess& guess) {
  std::string column;
  std::string likely;
  for (const auto& [name, pattern] : guess.column_formats) {
    const auto& both = untold.patterns;
    if (std::find(both.begin(), both.end(), pattern) == both.end()) continue;
    if (!likely.empty() && likely != pattern) return "";
    column = name;
    likely = pattern;
  }
  return likely.empty() ? "" : likely + " is likely, since " + column + " is so; ";
}

}  // namespace

std::string told_untold(const UntoldOrder& untold, const DialectGuess& guess) {
  return untold.column + " is text: no value tells the day from the month; " +
         likely_pattern(untold, guess) + "`column_formats: {" + untold.column + ": \"" +
         untold.patterns.front() + "\"}` or \"" + untold.patterns.back() + "\" says it";
}

std::string told_likely_encoding(const DialectGuess& guess) {
  return "some of it looks like " + guess.likely_encoding + " (" + guess.encoding_reason +
         "), but not all of it was looked at: `encoding: " + guess.likely_encoding + "` says it";
}

DialectGuess guess_dialect(std::string_view sample, bool is_whole, std::string_view only,
                           std::span<const SamplePart> parts, std::string_view name) {
  const std::size_t mark = sample.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  sample.remove_prefix(mark);
  const auto fits = try_all(sample, is_whole, parts, only);
  const auto& best = fits[0];
  const auto next = fits.size() > 1 ? fits[1] : Fit{};
  DialectGuess guess;
  guess.fields = best.fields;
  guess.confidence = confidence_in(best, next);
  if (best.fields < 2) {
    guess.reason = "no delimiter splits the records alike: one column";
  } else {
    guess.delimiter = best.form.delimiter;
    guess.quote = best.form.quote;
    guess.escape = best.form.escape;
    guess.skip = lines_before(sample, best);
    guess.reason = name_of(best.form.delimiter) + " splits " + told(best);
  }
  std::vector<std::string> places{place_of({"", std::string(name), mark + best.bytes})};
  for (const auto& part : parts) places.push_back(place_of(part));
  const auto against = told_against(fits, places);
  guess.is_doubted = !against.empty();
  if (best.fields >= 2 && next.fields >= 2) {
    guess.reason += "; " + name_of(next.form.delimiter) + " splits " + told(next);
  } else if (best.fields >= 2 && against.empty()) {
    guess.reason += "; no other does";
  }
  guess.reason += against;
  guess_header(best, guess);
  guess.notes = notes_at_end(best, is_whole);
  const auto first = std::min(best.records.size(), best.skip + std::size_t(guess.header));
  guess_values(records_of(best, parts, first, std::size_t(guess.notes)), column_names(best, guess),
               guess);
  return guess;
}

}  // namespace leat::connectors::csv
