#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/csv/part_fit.hpp"

namespace leat::connectors::csv {

constexpr std::size_t kRecordsTried = 1000;
constexpr std::size_t kSkippedMost = 20;

/// How well a dialect fits a sample.
struct Fit {
  SampleForm form{};
  std::vector<SampleRecord> records{};  ///< The first ones of the start.
  std::size_t bytes = 0;                ///< Of those records.
  QuotesSeen quotes{};                  ///< Of them.
  std::size_t fields = 1;               ///< Of most of those records.
  std::size_t fitting = 0;
  std::size_t skip = 0;  ///< Records before the first that fits, where there are few of them.
  bool has_lines_within = false;
  PartFit rest{};                ///< Of the start, behind those records.
  std::vector<PartFit> parts{};  ///< As they were given.

  std::size_t judged() const { return records.size() - skip; }
  QuotesSeen all_quotes() const;
  std::size_t all_fitting() const;
  std::size_t all_judged() const;
  /// Records that do not fit, and lines that quotes take away.
  std::size_t all_against() const;
  double share() const {
    return all_judged() == 0 ? 0 : double(all_fitting()) / double(all_judged());
  }
  /// Over all records: what must be skipped to make a dialect fit speaks against it.
  double score() const {
    if (fields < 2 || records.empty()) return 0;
    return double(all_fitting()) / double(all_judged() + skip) *
           (1 + double(std::min<std::size_t>(fields, 20)) / 100);
  }
};

std::size_t filled(const SampleRecord& record);
/// Digits, and what stands beside them in numbers and dates.
bool is_number(const std::string& text);

/// How a sample falls under each of the usual delimiters, or `only` that one, best first; at least
/// one. The first records decide what most are like; under others than the best, the rest is looked
/// at only where it does not bear it out.
std::vector<Fit> try_all(std::string_view start, bool is_whole, std::span<const SamplePart> parts,
                         std::string_view only);

}  // namespace leat::connectors::csv
