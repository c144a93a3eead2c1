#pragma once

#include <array>
#include <cstdint>

#include "kernels/encoded_keys.hpp"

namespace leat::kernels {

/// Of a short key, its last bits tell it from those of its group: keys that lie near each other as
/// the lines of one order do, or what a counter gave. A key set keeps a group as one, with a mark
/// for each of its keys.
constexpr std::uint32_t kGroupBits = 3;

/// Of a hash, its first bits: which of the shards a key is in. They are as many as a group's marks
/// need more than its keys' last bits take, so that a slot is as long as a key. Each shard is
/// locked for what a batch brings to it; few ones, so that threads seldom meet.
constexpr std::uint32_t kShardBits = 5;
static_assert(kShardBits + kGroupBits == 1 << kGroupBits);

/// Rows of one batch that follow each other and whose keys are of one group.
struct KeyGroup {
  std::uint64_t rest;  ///< What its hash does not tell of it: of two groups one differs.
  std::uint16_t first;
  std::uint16_t last;
  std::uint8_t marks;  ///< Bit i: a key that ends in i is there.
};

/// Short keys of one batch by their groups.
struct KeyGroups {
  std::uint32_t count;
  std::array<KeyGroup, kKeyBatch> groups;
  std::array<std::uint64_t, kKeyBatch> hashes;  ///< Of each.
};

/// Bytes that keys of this width take in a shard, 4, 8, 12 or 16.
constexpr std::uint32_t short_slot_bytes(std::uint32_t width) { return (width + 3) / 4 * 4; }

/// Which of its group's marks is a short key's.
inline std::uint8_t mark_of(const EncodedKeys& keys, std::uint32_t row) {
  return std::uint8_t(1u << (std::uint8_t(*keys.short_key(row)) % (1u << kGroupBits)));
}

/// Finds the groups of the valid rows among the first `count`; a row that repeats a key of its
/// group's rows sets its bit in `duplicates`.
void find_groups(const EncodedKeys& keys, const std::uint64_t* valid, std::uint32_t count,
                 KeyGroups& out, std::uint64_t* duplicates);

}  // namespace leat::kernels
