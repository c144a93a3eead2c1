#include "kernels/top_values.hpp"

#include <algorithm>
#include <cstring>

#include "kernels/hash.hpp"

namespace leat::kernels {

void TopValues::pick_next() {
  const auto block = std::uint64_t{1} << x_shift;
  x_random += 0x9e3779b97f4a7c15ull;
  x_until_pick = x_until_block + (mix(x_random) & (block - 1));
  x_until_block += block;
}

/// From the next value on, which begins a block.
void TopValues::raise() {
  ++x_shift;
  x_until_block = 0;
  pick_next();
}

void TopValues::add(const std::uint64_t* hashes, std::uint32_t count, const Keep& keep) {
  while (x_seen + count > (kPickedMax << x_shift)) raise();
  x_seen += count;
  const auto weight = double(std::uint64_t{1} << x_shift);
  x_weight = std::max(x_weight, weight);
  const auto take = [&](std::uint32_t at) {
    if (!take_known(hashes[at], weight, 0)) take_new(hashes[at], weight, 0, keep(at));
  };
  if (x_shift == 0) {
    for (std::uint32_t i = 0; i < count; ++i) take(i);
    return;
  }
  for (; x_until_pick < count; pick_next()) take(std::uint32_t(x_until_pick));
  x_until_pick -= count;
  x_until_block -= count;
}

/// Ends are compared side by side, without a jump: most values of a column that never repeats are
/// not here, and where those of another one stand is hard to foretell.
std::size_t TopValues::find(std::uint64_t hash) const {
  const auto tag = std::uint16_t(hash);
  alignas(64) std::array<std::uint8_t, kEntries> is_alike;
  for (std::size_t i = 0; i < kEntries; ++i) is_alike[i] = x_tags[i] == tag;
  std::array<std::uint64_t, kEntries / 8> eights;
  std::memcpy(eights.data(), is_alike.data(), sizeof(eights));
  for (std::size_t first = 0; first < x_entries.size(); first += 8) {
    for (auto alike = eights[first / 8]; alike != 0; alike &= alike - 1) {
      const auto at = first + std::size_t(__builtin_ctzll(alike)) / 8;
      if (at < x_entries.size() && x_hashes[at] == hash) return at;
    }
  }
  return x_entries.size();
}

/// Counts only grow, so that the fewest are looked for once for all that have as many.
std::size_t TopValues::rarest() {
  for (; x_fewest_from < kEntries; ++x_fewest_from) {
    if (x_counts[x_fewest_from] <= x_fewest) return x_fewest_from;
  }
  const auto rarest = std::min_element(x_counts.begin(), x_counts.end());
  x_fewest = *rarest;
  x_fewest_from = std::size_t(rarest - x_counts.begin());
  return x_fewest_from;
}

bool TopValues::take_known(std::uint64_t hash, double weight, double excess) {
  const auto at = find(hash);
  if (at == x_entries.size()) return false;
  x_counts[at] += weight;
  x_entries[at].excess += excess;
  return true;
}

void TopValues::take_new(std::uint64_t hash, double weight, double excess, Value value) {
  auto at = x_entries.size();
  double before = 0;
  if (at < kEntries) {
    x_entries.emplace_back();
  } else {
    at = rarest();
    before = x_counts[at];
  }
  x_tags[at] = std::uint16_t(hash);
  x_hashes[at] = hash;
  x_counts[at] = before + weight;
  x_entries[at] = {before + excess, std::move(value)};
}

void TopValues::merge(const TopValues& other) {
  x_seen += other.x_seen;
  x_weight = std::max(x_weight, other.x_weight);
  for (std::size_t i = 0; i < other.x_entries.size(); ++i) {
    const auto& [excess, value] = other.x_entries[i];
    const auto hash = other.x_hashes[i];
    if (!take_known(hash, other.x_counts[i], excess)) {
      take_new(hash, other.x_counts[i], excess, value);
    }
  }
}

std::vector<TopValues::Found> TopValues::top(std::size_t most) const {
  const auto certain = [&](std::size_t i) { return x_counts[i] - x_entries[i].excess; };
  std::vector<std::size_t> sure;
  for (std::size_t i = 0; i < x_entries.size(); ++i) {
    if (certain(i) >= 2 * x_weight && certain(i) >= x_entries[i].excess) sure.push_back(i);
  }
  std::stable_sort(sure.begin(), sure.end(),
                   [&](std::size_t a, std::size_t b) { return certain(a) > certain(b); });
  if (sure.size() > most) sure.resize(most);
  std::vector<Found> found;
  for (const auto i : sure) found.push_back({x_entries[i].value, certain(i) / double(x_seen)});
  return found;
}

}  // namespace leat::kernels
