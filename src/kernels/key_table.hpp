#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include "kernels/key_groups.hpp"
#include "kernels/wide.hpp"

/// Of the tables of both kinds of shards: open addressing with linear steps, at most three of four
/// slots taken. Slots are in the order of the hashes, so that a table grows where it is.
namespace leat::kernels {

constexpr std::uint32_t kSlotsAhead = 16;  ///< On their way from memory while others are read.

inline bool is_full(std::size_t taken, std::size_t slots) { return taken * 4 >= slots * 3; }

/// A large table grows by a half only: there is one a shard, so the work is spread.
inline std::size_t grown(std::size_t slots) {
  constexpr std::size_t kFirst = 64;
  constexpr std::size_t kDoubled = std::size_t{1} << 17;
  return std::max(slots < kDoubled ? slots * 2 : slots + slots / 2, kFirst);
}

/// The upper bits chose the shard.
inline std::size_t slot_of(std::uint64_t hash, std::size_t slots) {
  return std::size_t((UInt128(hash << kShardBits) * slots) >> 64);
}

/// After a table has grown from so many slots: each entry goes to where it belongs now, from the
/// last on, for that is further behind than it was. Those for which it is not (at the beginning
/// they are near each other) go there when all others have.
///
/// Calls     `take(i)` empties slot i and returns what it held; `put_behind(i, entry)` is false
///           where the entry has no place between there and the end; `put(entry)`.
template <typename Take, typename PutBehind, typename Put>
void spread(std::size_t before, Take&& take, PutBehind&& put_behind, Put&& put) {
  decltype(take(before)) entry;
  std::vector<std::remove_cvref_t<decltype(*entry)>> lifted;
  for (auto i = before; i-- > 0;) {
    entry = take(i);
    if (entry && !put_behind(i, *entry)) lifted.push_back(*entry);
  }
  for (const auto& late : lifted) put(late);
}

}  // namespace leat::kernels
