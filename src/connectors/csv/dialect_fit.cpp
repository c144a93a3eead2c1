#include "connectors/csv/dialect_fit.hpp"

#include <array>
#include <map>
#include <utility>

namespace leat::connectors::csv {
namespace {

constexpr std::array<std::string_view, 4> kUsual{",", ";", "\t", "|"};
constexpr std::array<std::string_view, 14> kLong{"~|~", "|~|", "#|#", "^|^", "|@|", "|^|", "||",
                                                 ";;",  "::",  "~~",  "^^",  "##",  "@@",  "¬"};

/// Walks over the sample under one dialect; the last record may be cut off.
class Splitter {
 public:
  Splitter(std::string_view text, bool is_whole, Fit& fit)
      : x_text(text), x_is_whole(is_whole), x_fit(fit) {}

  void split() {
    x_record.assign(1, "");
    for (; x_at < x_text.size() && x_fit.records.size() < kRecordsTried; ++x_at) {
      x_inside ? step_inside(x_text[x_at]) : step(x_text[x_at]);
    }
    if (x_is_whole && !x_is_new && !x_inside) x_fit.records.push_back(std::move(x_record));
  }

 private:
  void step_inside(char c) {
    const bool has_next = x_at + 1 < x_text.size();
    const char next = has_next ? x_text[x_at + 1] : '\0';
    const bool is_own = x_fit.escape != x_fit.quote && next == x_fit.escape;
    if (has_next && c == x_fit.escape && (next == x_fit.quote || is_own)) {
      x_record.back() += next;
      ++x_at;
    } else if (c == x_fit.quote) {
      x_inside = false;
      x_is_closed = true;
    } else {
      x_record.back() += c;
    }
  }

  void step(char c) {
    x_is_new = false;
    if (c == x_fit.quote && x_record.back().empty() && !x_is_closed) {
      x_inside = true;
    } else if (c == x_fit.delimiter[0] && x_text.substr(x_at).starts_with(x_fit.delimiter)) {
      x_record.emplace_back();
      x_at += x_fit.delimiter.size() - 1;
      x_is_closed = false;
    } else if (c == '\n' || c == '\r') {
      end_record();
    } else {
      x_fit.torn += x_is_closed;
      x_is_closed = false;
      x_record.back() += c;
    }
  }

  void end_record() {
    if (x_record.size() > 1 || !x_record.back().empty()) {
      x_fit.records.push_back(std::move(x_record));
    }
    x_record.assign(1, "");
    x_is_new = true;
    x_is_closed = false;
  }

  std::string_view x_text;
  bool x_is_whole;
  Fit& x_fit;
  SampleRecord x_record;
  std::size_t x_at = 0;
  bool x_inside = false;
  bool x_is_closed = false;  ///< The quotes of the last field.
  bool x_is_new = true;      ///< Nothing of the record was seen.
};

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

/// Of a dialect; the rest of `fit` is found.
Fit try_dialect(std::string_view text, bool is_whole, Fit fit) {
  Splitter(text, is_whole, fit).split();
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
  auto fit = try_dialect(text, is_whole, {.delimiter = delimiter});
  auto other = try_dialect(text, is_whole, {.delimiter = delimiter, .quote = '\'', .escape = '\''});
  const bool is_better = other.score() > fit.score();
  return is_better && foreign_quotes(other) <= foreign_quotes(fit) ? other : fit;
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
  return std::none_of(fit.records.begin(), fit.records.end(), [&](const SampleRecord& record) {
    return std::any_of(record.begin(), record.end(), has_part);
  });
}

/// How the text falls under each delimiter, best first.
std::vector<Fit> try_each(std::string_view text, bool is_whole) {
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

/// With a backslash before quotes, where fewer fields then go on behind their closing quote.
Fit try_escape(std::string_view text, bool is_whole, const Fit& fit) {
  if (fit.torn == 0) return fit;
  auto other =
      try_dialect(text, is_whole, {.delimiter = fit.delimiter, .quote = fit.quote, .escape = '\\'});
  const bool is_better = other.torn < fit.torn && other.score() >= fit.score();
  return is_better ? other : fit;
}

}  // namespace

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

std::vector<Fit> try_all(std::string_view text, bool is_whole, std::string_view only) {
  std::vector<Fit> fits;
  if (only.empty()) {
    fits = try_each(text, is_whole);
  } else {
    fits.push_back(try_quotes(text, only, is_whole));
  }
  fits[0] = try_escape(text, is_whole, fits[0]);
  return fits;
}

}  // namespace leat::connectors::csv
