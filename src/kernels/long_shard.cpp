#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "kernels/key_shard.hpp"
#include "kernels/key_table.hpp"
#include "kernels/zeroed_bytes.hpp"

namespace leat::kernels {
namespace {

/// Keys lie in blocks; a slot holds where, and 24 bits of the hash. A slot of zeros is empty.
class LongShard final : public KeyShard {
 public:
  explicit LongShard(KeyRoom& room) : x_room(room) {}

  bool insert(const KeyBatch& batch, const std::uint16_t* rows, std::uint32_t count,
              std::uint64_t* duplicates) override {
    const auto& keys = batch.keys;
    const auto fetch = [&](std::uint32_t i) {
      __builtin_prefetch(slots() + slot_of(keys.hashes[rows[i]], x_count));
    };
    for (std::uint32_t i = 0; i < std::min(kSlotsAhead, count); ++i) fetch(i);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i + kSlotsAhead < count) fetch(i + kSlotsAhead);
      if (is_full(x_taken, x_count) && !grow()) return false;
      const auto key = keys.long_key(rows[i]);
      const auto hash = keys.hashes[rows[i]];
      const auto slot = find(key, hash);
      if (slots()[slot] != 0) {
        duplicates[rows[i] / 64] |= std::uint64_t{1} << (rows[i] % 64);
        continue;
      }
      if (!has_block_for(key) && !add_block(key)) return false;
      slots()[slot] = (store(key) << 24) | (hash & kTagMask);
      ++x_taken;
    }
    return true;
  }

  std::uint64_t bytes() const override { return x_slots.size() + x_key_bytes; }

 private:
  static constexpr std::size_t kBlockBytes = 1 << 16;  ///< 16 bits of a slot: where in the block.
  static constexpr std::uint64_t kTagMask = 0xffffff;
  static constexpr std::size_t kSizeBytes = 4;
  static constexpr std::size_t kSlotBytes = sizeof(std::uint64_t);

  std::string_view key_at(std::uint64_t slot) const {
    const char* at = x_blocks[(slot >> 40) - 1].get() + ((slot >> 24) & 0xffff);
    std::uint32_t size;
    std::memcpy(&size, at, kSizeBytes);
    return {at + kSizeBytes, size};
  }

  /// The slot that holds it, or the empty one that is to.
  std::size_t find(std::string_view key, std::uint64_t hash) const {
    const auto tag = hash & kTagMask;
    auto slot = slot_of(hash, x_count);
    while (slots()[slot] != 0 &&
           ((slots()[slot] & kTagMask) != tag || key_at(slots()[slot]) != key)) {
      slot = next(slot);
    }
    return slot;
  }

  std::uint64_t* slots() const {
    return static_cast<std::uint64_t*>(static_cast<void*>(x_slots.data()));
  }
  std::size_t next(std::size_t slot) const { return slot + 1 == x_count ? 0 : slot + 1; }

  bool has_block_for(std::string_view key) const {
    return !x_blocks.empty() && x_used + key.size() + kSizeBytes <= x_block_bytes;
  }

  bool add_block(std::string_view key) {
    const auto bytes = std::max(key.size() + kSizeBytes, kBlockBytes);
    if (!x_room.take(bytes)) return false;
    x_blocks.push_back(std::make_unique<char[]>(bytes));
    x_block_bytes = bytes;
    x_key_bytes += bytes;
    x_used = 0;
    return true;
  }

  /// Block number from 1 and place in it.
  std::uint64_t store(std::string_view key) {
    const auto bytes = key.size() + kSizeBytes;
    char* at = x_blocks.back().get() + x_used;
    const auto size = std::uint32_t(key.size());
    std::memcpy(at, &size, kSizeBytes);
    std::memcpy(at + kSizeBytes, key.data(), key.size());
    const auto place = (std::uint64_t(x_blocks.size()) << 16) | x_used;
    x_used += bytes;
    return place;
  }

  void put(std::uint64_t entry) {
    auto slot = slot_of(hash_long_key(key_at(entry)), x_count);
    while (slots()[slot] != 0) slot = next(slot);
    slots()[slot] = entry;
  }

  std::optional<std::uint64_t> take(std::size_t slot) {
    const auto entry = std::exchange(slots()[slot], 0);
    return entry == 0 ? std::nullopt : std::optional(entry);
  }

  bool put_behind(std::size_t from, std::uint64_t entry) {
    auto slot = slot_of(hash_long_key(key_at(entry)), x_count);
    if (slot <= from) return false;
    while (slot < x_count && slots()[slot] != 0) ++slot;
    if (slot == x_count) return false;
    slots()[slot] = entry;
    return true;
  }

  bool grow() {
    const auto before = x_count;
    const auto after = grown(before);
    if (!x_room.take((after - before) * kSlotBytes) || !x_slots.grow(after * kSlotBytes)) {
      return false;
    }
    x_count = after;
    spread(
        before, [this](auto slot) { return take(slot); },
        [this](auto slot, auto entry) { return put_behind(slot, entry); },
        [this](auto entry) { put(entry); });
    return true;
  }

  HeldRoom x_room;
  std::size_t x_count = 0;
  std::size_t x_taken = 0;
  std::size_t x_used = 0;         ///< Of the last block,
  std::size_t x_block_bytes = 0;  ///< and how long it is.
  std::uint64_t x_key_bytes = 0;
  std::vector<std::unique_ptr<char[]>> x_blocks;
  ZeroedBytes x_slots;
};

}  // namespace

std::unique_ptr<KeyShard> make_long_shard(KeyRoom& room) {
  return std::make_unique<LongShard>(room);
}

}  // namespace leat::kernels
