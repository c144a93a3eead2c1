#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace leat {

/// A set of row numbers, as half-open ranges that neither meet nor overlap, ascending.
class RowRanges {
 public:
  using Range = std::pair<std::uint64_t, std::uint64_t>;

  RowRanges() = default;
  explicit RowRanges(const std::vector<Range>& ranges) { add(ranges); }

  void add(std::uint64_t row) { add(row, row + 1); }
  void add(std::uint64_t first, std::uint64_t end);
  void add(const std::vector<Range>& ranges);
  bool contains(std::uint64_t row) const;
  bool empty() const { return x_ranges.empty(); }
  std::uint64_t count() const;
  /// What is in both.
  RowRanges shared_with(const RowRanges& other) const;
  const std::vector<Range>& ranges() const { return x_ranges; }
  bool operator==(const RowRanges&) const = default;

 private:
  std::vector<Range> x_ranges;
};

}  // namespace leat
