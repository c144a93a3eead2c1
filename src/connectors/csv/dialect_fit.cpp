#include "connectors/csv/dialect_fit.hpp"

#include <array>
#include <map>
#include <span>
#include <utility>

namespace leat::connectors::csv {
namespace {

constexpr std::array<std::string_view, 4> kUsual{",", ";", "\t", "|"};
constexpr std::array<std::string_view, 14> kLong{"~|~", "|~|", "#|#", "^|^", "|@|", "|^|", "||",
                                                 ";;",  "::",  "~~",  "^^",  "##",  "@@",  "¬"};

/// A spreadsheet fills its titles up with delimiters: records of mostly nothing, above a full one.
void skip_titles(Fit& fit) {
  if (fit.fields < 3) return;
  auto at = fit.skip;
  while (at < fit.records.size() && filled(fit.records[at]) * 2 <= fit.fields) ++at;
  if (at == fit.records.size() || at > kSkippedMost) return;
  for (auto i = fit.skip; i < at; ++i) fit.fitting -= fit.records[i].size() == fit.fields;
  fit.skip = at;
}

bool has_number(const SampleRecord& record) {
  return std::any_of(record.begin(), record.end(),
                     [](const std::string& field) { return is_number(field); });
}

/// Names of columns of which one has none: the record below them is no better header.
bool are_names(const Fit& fit, const SampleRecord& record) {
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

constexpr std::size_t kFieldsThatTell = 8;
constexpr std::size_t kRecordsAField = 50;  ///< Where there are fewer fields.

struct Sample {
  std::string_view start;
  bool is_whole = false;
  std::span<const SamplePart> parts;
  bool all = false;  ///< What lies behind the first records of the start is looked at, too.
};

/// The first records decide what the start is like.
void fit_start(Fit& fit, SampleSplitter& splitter, bool is_whole) {
  while (fit.records.size() < kRecordsTried && splitter.next()) {
    fit.records.push_back(std::move(splitter.record()));
  }
  const bool has_all = fit.records.size() < kRecordsTried;
  if (has_all && is_whole && splitter.has_rest()) fit.records.push_back(splitter.record());
  fit.bytes = splitter.at();
  fit.quotes = splitter.quotes();
  fit.has_lines_within = fit.quotes.lines_within > 0;
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
}

/// The parts of another file have as many fields as its start.
void fit_parts(Fit& fit, std::span<const SamplePart> parts) {
  Expected expected{fit.fields, fit.skip, fit.has_lines_within};
  for (const auto& part : parts) {
    fit.parts.push_back(fit_part(part, fit.form, expected));
    const auto& found = fit.parts.back();
    expected.has_lines_within = expected.has_lines_within || found.has_lines_within;
    if (part.starts_file && found.records > 0) expected.fields = found.fields;
  }
}

void fit_further(const Sample& sample, Fit& fit) {
  fit.rest = fit_rest(sample.start.substr(fit.bytes), sample.is_whole, fit.form, fit.fields);
  fit_parts(fit, sample.parts);
}

Fit try_dialect(const Sample& sample, const SampleForm& form) {
  Fit fit{.form = form};
  SampleSplitter splitter(sample.start, form);
  fit_start(fit, splitter, sample.is_whole);
  if (sample.all) fit_further(sample, fit);
  return fit;
}

/// A few records are no reason to read all others in another way, unless there are few in all.
bool tells(std::size_t fields, const Fit& fit) {
  return fields >= kFieldsThatTell || fields * kRecordsAField >= fit.all_judged();
}

/// Under the quote that fits better, unless it tears apart what the other one holds together.
Fit try_quotes(const Sample& sample, std::string_view delimiter) {
  auto fit = try_dialect(sample, {.delimiter = delimiter});
  auto other = try_dialect(sample, {.delimiter = delimiter, .quote = '\'', .escape = '\''});
  const auto quotes = other.all_quotes();
  const bool is_better = other.score() > fit.score() && other.all_against() < fit.all_against() &&
                         quotes.closed > quotes.torn && tells(quotes.closed, other);
  return is_better && quotes.foreign <= fit.all_quotes().foreign ? other : fit;
}

/// Is `fit` what `best`, under a delimiter of one character, has only seen a part of?
bool explains(const Fit& fit, const Fit& best) {
  if (fit.fields < 2 || fit.skip > 0 || fit.records.size() < 2) return false;
  if (fit.fitting < fit.records.size()) return false;
  if (best.fields < 2) return true;
  const auto& delimiter = fit.form.delimiter;
  const auto times = std::count(delimiter.begin(), delimiter.end(), best.form.delimiter[0]);
  if (std::size_t(times) * (fit.fields - 1) + 1 != best.fields) return false;
  const auto has_part = [&](const std::string& field) {
    return field.find(best.form.delimiter) != std::string::npos;
  };
  return std::none_of(fit.records.begin(), fit.records.end(), [&](const SampleRecord& record) {
    return std::any_of(record.begin(), record.end(), has_part);
  });
}

/// How the sample falls under each delimiter, best first.
std::vector<Fit> try_each(const Sample& sample) {
  std::vector<Fit> fits;
  for (const auto delimiter : kUsual) fits.push_back(try_quotes(sample, delimiter));
  std::stable_sort(fits.begin(), fits.end(),
                   [](const Fit& a, const Fit& b) { return a.score() > b.score(); });
  for (const auto delimiter : kLong) {
    if (sample.start.find(delimiter) == std::string_view::npos) continue;
    auto fit = try_quotes(sample, delimiter);
    if (!explains(fit, fits[0])) continue;
    fits.insert(fits.begin(), std::move(fit));
    break;
  }
  return fits;
}

std::vector<Fit> try_delimiters(const Sample& sample, std::string_view only) {
  return only.empty() ? try_each(sample) : std::vector{try_quotes(sample, only)};
}

/// With a backslash before quotes, where fewer fields then go on behind their closing quote. What
/// lies between two such fields is lost to one that is never closed, and speaks for it as well.
void try_escape(const Sample& sample, Fit& fit) {
  const auto torn = fit.all_quotes().torn;
  if (torn == 0) return;
  auto form = fit.form;
  form.escape = '\\';
  auto other = try_dialect(sample, form);
  const auto still_torn = other.all_quotes().torn;
  const auto against = fit.all_against();
  const auto still_against = other.all_against();
  const bool is_better = still_torn < torn && still_against <= against &&
                         tells(torn - still_torn + against - still_against, other) &&
                         other.score() >= fit.score();
  if (is_better) fit = std::move(other);
}

/// Nothing speaks against what the first records say: no other dialect need be tried on the rest.
bool holds(const Fit& fit) {
  const auto bears_out = [](const PartFit& part) {
    return part.fitting * 10 >= (part.records + part.quotes.lines_lost) * 9;
  };
  const auto quotes = fit.all_quotes();
  return quotes.torn == 0 && quotes.foreign == 0 && bears_out(fit.rest) &&
         std::all_of(fit.parts.begin(), fit.parts.end(), bears_out);
}

}  // namespace

QuotesSeen Fit::all_quotes() const {
  auto all = quotes;
  all += rest.quotes;
  for (const auto& part : parts) all += part.quotes;
  return all;
}

std::size_t Fit::all_against() const {
  const auto fit = fields < 2 ? 0 : all_fitting();
  return all_judged() - fit + all_quotes().lines_lost;
}

std::size_t Fit::all_fitting() const {
  auto all = fitting + rest.fitting;
  for (const auto& part : parts) all += part.fitting;
  return all;
}

std::size_t Fit::all_judged() const {
  auto all = judged() + rest.records;
  for (const auto& part : parts) all += part.records;
  return all;
}

std::size_t filled(const SampleRecord& record) {
  return std::size_t(std::count_if(record.begin(), record.end(),
                                   [](const std::string& field) { return !field.empty(); }));
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

std::vector<Fit> try_all(std::string_view start, bool is_whole, std::span<const SamplePart> parts,
                         std::string_view only) {
  Sample sample{start, is_whole, parts};
  auto fits = try_delimiters(sample, only);
  fit_further(sample, fits[0]);
  if (holds(fits[0])) return fits;
  sample.all = fits[0].bytes < start.size() || !parts.empty();
  if (sample.all) fits = try_delimiters(sample, only);
  try_escape(sample, fits[0]);
  return fits;
}

}  // namespace leat::connectors::csv
