#include "connectors/csv/part_fit.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace leat::connectors::csv {
namespace {

constexpr std::size_t kKept = 150;       ///< Records in a row.
constexpr std::size_t kKeptOfMore = 16;  ///< Behind them one of so many.

/// Counts records by their fields.
class PartReading {
 public:
  PartReading(std::string_view text, const SampleForm& form, bool is_inside)
      : x_splitter(text, form, is_inside) {}

  /// The record in which the part begins tells nothing.
  void drop_first() {
    x_splitter.next();
    x_before = x_splitter.quotes();
  }
  void read(bool is_whole) {
    while (x_splitter.next()) take();
    if (is_whole && x_splitter.has_rest()) take();
  }

  PartFit fit(const Expected& expected, bool starts_file) {
    PartFit out;
    for (const auto& [fields, count] : x_counts) {
      out.records += count;
      if (count < out.of_fields) continue;
      out.fields = fields;
      out.of_fields = count;
    }
    if (starts_file) {
      const bool is_split = out.fields > 1 || expected.fields < 2;
      out.fitting = is_split ? out.of_fields : 0;
      drop_titles(expected.skip, out);
    } else {
      const auto found = x_counts.find(expected.fields);
      out.fitting = found == x_counts.end() ? 0 : found->second;
    }
    out.quotes = quotes();
    out.has_lines_within = x_splitter.quotes().lines_within > 0;
    out.kept = std::move(x_kept);
    return out;
  }

 private:
  void take() {
    auto& record = x_splitter.record();
    ++x_counts[record.size()];
    const auto number = x_records++;
    if (number < kKept || number % kKeptOfMore == 0) x_kept.push_back(std::move(record));
  }

  QuotesSeen quotes() const {
    auto seen = x_splitter.quotes();
    seen.closed -= x_before.closed;
    seen.torn -= x_before.torn;
    seen.foreign -= x_before.foreign;
    seen.lines_within -= x_before.lines_within;
    seen.lines_lost += x_before.lines_within - x_before.lines_lost;
    return seen;
  }

  /// What stands above the names is no record.
  void drop_titles(std::size_t skip, PartFit& out) {
    std::size_t titles = 0;
    while (titles < std::min(skip, x_kept.size()) && x_kept[titles].size() != out.fields) ++titles;
    x_kept.erase(x_kept.begin(), x_kept.begin() + std::ptrdiff_t(titles));
    out.records -= titles;
  }

  SampleSplitter x_splitter;
  std::map<std::size_t, std::size_t> x_counts;
  std::vector<SampleRecord> x_kept;
  std::size_t x_records = 0;
  QuotesSeen x_before;  ///< Up to the end of the record that was dropped.
};

PartFit fit_behind_first(const SamplePart& part, const SampleForm& form, const Expected& expected,
                         bool is_inside) {
  PartReading reading(part.text, form, is_inside);
  reading.drop_first();
  reading.read(part.ends_file);
  return reading.fit(expected, false);
}

/// What fits speaks for a reading, and all else against it.
std::ptrdiff_t evidence(const PartFit& fit) {
  return std::ptrdiff_t(2 * fit.fitting) - std::ptrdiff_t(fit.records + fit.quotes.torn);
}

}  // namespace

PartFit fit_part(const SamplePart& part, const SampleForm& form, const Expected& expected) {
  if (part.starts_file) {
    PartReading reading(part.text, form, false);
    reading.read(part.ends_file);
    return reading.fit(expected, true);
  }
  auto outside = fit_behind_first(part, form, expected, false);
  if (part.text.find(form.quote) == std::string::npos) {
    // All of it may lie within one long text.
    const bool is_text = expected.has_lines_within && outside.fitting == 0;
    return is_text ? PartFit() : outside;
  }
  auto inside = fit_behind_first(part, form, expected, true);
  const bool is_known = inside.fitting > 0 || (expected.has_lines_within && outside.fitting == 0);
  return is_known && evidence(inside) > evidence(outside) ? inside : outside;
}

PartFit fit_rest(std::string_view text, bool is_whole, const SampleForm& form, std::size_t fields) {
  PartReading reading(text, form, false);
  reading.read(is_whole);
  return reading.fit({.fields = fields}, false);
}

}  // namespace leat::connectors::csv
