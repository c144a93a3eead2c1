#include "kernels/quantile_sketch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

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
  const auto to = std::exchange(x_levels[level + 1], {});
  if (level == 0) std::sort(from.begin(), from.end());
  const auto kept = from.size() % 2;  // An odd one out stays where it is.
  const double odd = kept ? from.back() : 0;
  std::vector<double> picked;
  for (auto i = std::size_t(random() & 1); i < from.size() - kept; i += 2) {
    picked.push_back(from[i]);
  }
  std::merge(to.begin(), to.end(), picked.begin(), picked.end(),
             std::back_inserter(x_levels[level + 1]));
  from.clear();
  if (kept) from.push_back(odd);
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
