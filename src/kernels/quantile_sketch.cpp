#include "kernels/quantile_sketch.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/hash.hpp"

namespace leat::kernels {
namespace {

constexpr double kTopCapacity = 400;
constexpr double kShrink = 2.0 / 3.0;
constexpr std::size_t kCapacityMin = 32;

/// Capacities from the top level down; all further levels have the smallest one.
constexpr auto kCapacities = [] {
  std::array<std::size_t, 8> capacities{};
  double capacity = kTopCapacity;
  for (auto& one : capacities) {
    one = std::max(kCapacityMin, std::size_t(capacity));
    capacity *= kShrink;
  }
  return capacities;
}();

/// Merges two sorted halves of `from`, each kHalf long: the lower half of the outcome from the
/// front, the upper from the back, so that neither runs out and no jump is to be foretold.
template <std::size_t kHalf>
[[gnu::always_inline]] inline void merge_halves(const double* from, double* to) {
  const double* left = from;
  const double* right = from + kHalf;
  const double* left_end = right - 1;
  const double* right_end = right + kHalf - 1;
  for (std::size_t i = 0; i < kHalf; ++i) {
    const bool is_right = *right < *left;
    to[i] = is_right ? *right : *left;
    right += is_right;
    left += !is_right;
    const bool is_left = *right_end < *left_end;
    to[2 * kHalf - 1 - i] = is_left ? *left_end : *right_end;
    left_end -= is_left;
    right_end -= !is_left;
  }
}

template <std::size_t kHalf>
[[gnu::always_inline]] inline void merge_all_halves(const double* from, double* to) {
  for (std::size_t i = 0; i < kCapacityMin; i += 2 * kHalf) merge_halves<kHalf>(from + i, to + i);
}

/// kCapacityMin of them, in a third of the time of std::sort.
void sort_least(double* values) {
  static_assert(kCapacityMin == 32);
  std::array<double, kCapacityMin> other;
  merge_all_halves<1>(values, other.data());
  merge_all_halves<2>(other.data(), values);
  merge_all_halves<4>(values, other.data());
  merge_all_halves<8>(other.data(), values);
  merge_all_halves<16>(values, other.data());
  std::copy(other.begin(), other.end(), values);
}

/// `from` into the `count` values of `to`, behind which there is room; all in rising order. From
/// the end, so that no value is moved twice; which of two is greater is hard to foretell, so that
/// there is no jump either.
void merge_sorted(std::span<const double> from, double* to, std::size_t count) {
  auto left = from.size();
  while (left > 0 && count > 0) {
    const bool is_theirs = to[count - 1] > from[left - 1];
    to[left + count - 1] = is_theirs ? to[count - 1] : from[left - 1];
    count -= is_theirs;
    left -= !is_theirs;
  }
  std::copy_n(from.begin(), left, to);
}

/// Level 0 mostly holds kCapacityMin values, or a few more.
void sort_level(std::vector<double>& values) {
  if (values.size() < kCapacityMin || values.size() >= 2 * kCapacityMin) {
    return std::sort(values.begin(), values.end());
  }
  std::array<double, kCapacityMin> others;
  const auto end = std::copy(values.begin() + kCapacityMin, values.end(), others.begin());
  std::sort(others.begin(), end);
  sort_least(values.data());
  merge_sorted({others.begin(), end}, values.data(), kCapacityMin);
}

}  // namespace

QuantileSketch::QuantileSketch(std::uint64_t seed) : x_random(seed) { set_levels(1); }

std::uint64_t QuantileSketch::random() { return mix(x_random += 0x9e3779b97f4a7c15ull); }

std::size_t QuantileSketch::capacity(std::size_t level) const {
  return kCapacities[std::min(x_levels.size() - 1 - level, kCapacities.size() - 1)];
}

void QuantileSketch::set_levels(std::size_t count) {
  x_levels.resize(count);
  x_capacity = capacity(0);
}

void QuantileSketch::push(double value) {
  x_levels[0].push_back(value);
  if (x_levels[0].size() >= x_capacity) compact_full();
}

void QuantileSketch::pick_next() {
  const auto block = std::uint64_t{1} << x_shift;
  x_until_pick = x_until_block + (random() & (block - 1));
  x_until_block += block;
}

/// Every second value of a level goes one level up, where it stands for twice as many. Level 0 is
/// in no order, the others are sorted.
void QuantileSketch::compact(std::size_t level) {
  if (level + 1 == x_levels.size()) set_levels(level + 2);
  auto& from = x_levels[level];
  if (level == 0) sort_level(from);
  const bool has_odd = from.size() % 2 != 0;  // An odd one out stays where it is.
  const double odd = has_odd ? from.back() : 0;
  const auto first = std::size_t(random() & 1);
  const auto picked = from.size() / 2;
  for (std::size_t i = 0; i < picked; ++i) from[i] = from[2 * i + first];
  auto& to = x_levels[level + 1];
  const auto before = to.size();
  to.resize(before + picked);
  merge_sorted({from.data(), picked}, to.data(), before);
  from.clear();
  if (has_odd) from.push_back(odd);
}

void QuantileSketch::compact_full() {
  for (std::size_t level = 0; level < x_levels.size(); ++level) {
    if (x_levels[level].size() >= capacity(level)) compact(level);
  }
}

/// One value of each 2^shift: level 0 becomes part of level 1, which takes its place.
void QuantileSketch::raise_to(unsigned shift) {
  for (; x_shift < shift; ++x_shift) {
    compact(0);
    if (!x_levels[0].empty() && (random() & 1) != 0) x_levels[1].push_back(x_levels[0][0]);
    x_levels.erase(x_levels.begin());
    x_capacity = capacity(0);
  }
  x_until_block = 0;
  pick_next();
}

void QuantileSketch::merge(const QuantileSketch& other) {
  QuantileSketch theirs = other;
  if (theirs.x_shift < x_shift) theirs.raise_to(x_shift);
  if (x_shift < theirs.x_shift) raise_to(theirs.x_shift);
  if (x_levels.size() < theirs.x_levels.size()) set_levels(theirs.x_levels.size());
  for (std::size_t level = 0; level < theirs.x_levels.size(); ++level) {
    const auto& from = theirs.x_levels[level];
    x_levels[level].insert(x_levels[level].end(), from.begin(), from.end());
    std::sort(x_levels[level].begin(), x_levels[level].end());
  }
  x_seen += theirs.x_seen;
  while (x_seen > (kPickedMax << x_shift)) raise_to(x_shift + 1);
  compact_full();
}

std::vector<std::pair<double, double>> QuantileSketch::weighted() const {
  std::vector<std::pair<double, double>> all;
  for (std::size_t level = 0; level < x_levels.size(); ++level) {
    const auto weight = std::ldexp(1.0, int(level));
    for (const double value : x_levels[level]) all.emplace_back(value, weight);
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<double> QuantileSketch::at(std::span<const double> shares) const {
  const auto all = weighted();
  if (all.empty()) return {};
  double total = 0;
  for (const auto& [value, weight] : all) total += weight;
  std::vector<double> out;
  std::size_t next = 0;
  double below = 0;
  for (const double share : shares) {
    while (next + 1 < all.size() && below + all[next].second < share * total) {
      below += all[next++].second;
    }
    out.push_back(all[next].first);
  }
  return out;
}

std::vector<double> QuantileSketch::shares_up_to(std::span<const double> values) const {
  const auto all = weighted();
  double total = 0;
  for (const auto& [value, weight] : all) total += weight;
  std::vector<double> out;
  std::size_t next = 0;
  double passed = 0;
  for (const double value : values) {
    while (next < all.size() && all[next].first <= value) passed += all[next++].second;
    out.push_back(total > 0 ? passed / total : 0);
  }
  return out;
}

}  // namespace leat::kernels
