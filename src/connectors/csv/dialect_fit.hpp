#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leat::connectors::csv {

using SampleRecord = std::vector<std::string>;

constexpr std::size_t kRecordsTried = 1000;
constexpr std::size_t kSkippedMost = 20;

/// How well a dialect fits the start of a file.
struct Fit {
  std::string_view delimiter = ",";
  char quote = '"';
  char escape = '"';  ///< The quote itself: quotes are doubled.
  std::vector<SampleRecord> records{};
  std::size_t torn = 0;    ///< Fields that go on behind their closing quote.
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

std::size_t filled(const SampleRecord& record);
/// Digits, and what stands beside them in numbers and dates.
bool is_number(const std::string& text);

/// How the text falls under each of the usual delimiters, or `only` that one, best first; at least
/// one.
std::vector<Fit> try_all(std::string_view text, bool is_whole, std::string_view only);

}  // namespace leat::connectors::csv
