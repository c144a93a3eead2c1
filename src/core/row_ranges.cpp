#include "core/row_ranges.hpp"

#include <algorithm>

namespace leat {

void RowRanges::add(std::uint64_t first, std::uint64_t end) {
  if (first >= end) return;
  const auto from =
      std::lower_bound(x_ranges.begin(), x_ranges.end(), first,
                       [](const Range& r, std::uint64_t at) { return r.second < at; });
  auto to = from;
  for (; to != x_ranges.end() && to->first <= end; ++to) {
    first = std::min(first, to->first);
    end = std::max(end, to->second);
  }
  x_ranges.insert(x_ranges.erase(from, to), {first, end});
}

void RowRanges::add(const std::vector<Range>& ranges) {
  for (const auto& [first, end] : ranges) add(first, end);
}

bool RowRanges::contains(std::uint64_t row) const {
  const auto after =
      std::upper_bound(x_ranges.begin(), x_ranges.end(), row,
                       [](std::uint64_t at, const Range& r) { return at < r.first; });
  return after != x_ranges.begin() && row < std::prev(after)->second;
}

std::uint64_t RowRanges::count() const {
  std::uint64_t rows = 0;
  for (const auto& [first, end] : x_ranges) rows += end - first;
  return rows;
}

RowRanges RowRanges::shared_with(const RowRanges& other) const {
  RowRanges both;
  auto a = x_ranges.begin();
  auto b = other.x_ranges.begin();
  while (a != x_ranges.end() && b != other.x_ranges.end()) {
    both.add(std::max(a->first, b->first), std::min(a->second, b->second));
    a->second < b->second ? static_cast<void>(++a) : static_cast<void>(++b);
  }
  return both;
}

}  // namespace leat
