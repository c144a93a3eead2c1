#include "kernels/top_values.hpp"

#include <algorithm>

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
  if (x_shift == 0) {
    for (std::uint32_t i = 0; i < count; ++i) {
      note(hashes[i], weight, 0, [&] { return keep(i); });
    }
    return;
  }
  while (x_until_pick < count) {
    const auto at = std::uint32_t(x_until_pick);
    note(hashes[at], weight, 0, [&] { return keep(at); });
    pick_next();
  }
  x_until_pick -= count;
  x_until_block -= count;
}

std::size_t TopValues::find(std::uint64_t hash) const {
  std::size_t at = 0;
  while (at < x_hashes.size() && x_hashes[at] != hash) ++at;
  return at;
}

std::size_t TopValues::rarest() const {
  std::size_t rarest = 0;
  for (std::size_t i = 1; i < x_entries.size(); ++i) {
    if (x_entries[i].count < x_entries[rarest].count) rarest = i;
  }
  return rarest;
}

void TopValues::note(std::uint64_t hash, double weight, double excess,
                     const std::function<Value()>& keep) {
  auto at = find(hash);
  if (at < x_entries.size()) {
    x_entries[at].count += weight;
    x_entries[at].excess += excess;
    return;
  }
  if (x_entries.size() < kEntries) {
    x_hashes.push_back(hash);
    x_entries.push_back({weight, excess, keep()});
    return;
  }
  at = rarest();
  x_hashes[at] = hash;
  const double before = x_entries[at].count;
  x_entries[at] = {before + weight, before + excess, keep()};
}

void TopValues::merge(const TopValues& other) {
  x_seen += other.x_seen;
  x_weight = std::max(x_weight, other.x_weight);
  for (std::size_t i = 0; i < other.x_entries.size(); ++i) {
    const auto& entry = other.x_entries[i];
    note(other.x_hashes[i], entry.count, entry.excess, [&] { return entry.value; });
  }
}

std::vector<TopValues::Found> TopValues::top(std::size_t most) const {
  std::vector<const Entry*> sure;
  for (const auto& entry : x_entries) {
    const double certain = entry.count - entry.excess;
    if (certain >= 2 * x_weight && certain >= entry.excess) {
      sure.push_back(&entry);
    }
  }
  std::stable_sort(sure.begin(), sure.end(), [](const Entry* a, const Entry* b) {
    return a->count - a->excess > b->count - b->excess;
  });
  if (sure.size() > most) sure.resize(most);
  std::vector<Found> found;
  for (const auto* entry : sure) {
    found.push_back({entry->value, (entry->count - entry->excess) / double(x_seen)});
  }
  return found;
}

}  // namespace leat::kernels
