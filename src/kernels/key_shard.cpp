#include "kernels/key_shard.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "kernels/wide.hpp"

namespace leat::kernels {
namespace {

constexpr std::size_t kFirstSlots = 64;

/// Open addressing with linear steps. At most three of four slots are taken, and a table grows by
/// a half only: there are 64 of them, so the work is spread and the memory is not doubled. Slots
/// are in the order of the hashes, so a grown table is filled from one end to the other.
bool is_full(std::size_t taken, std::size_t slots) { return taken * 4 >= slots * 3; }
std::size_t grown(std::size_t slots) { return slots + slots / 2; }

/// The upper 6 bits chose the shard.
std::size_t slot_of(std::uint64_t hash, std::size_t slots) {
  return std::size_t((UInt128(hash << 6) * slots) >> 64);
}

void set_bit(std::uint64_t* words, std::uint32_t bit) {
  words[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

/// Keys lie in the slots themselves. A slot of zeros is empty; the key of zeros is a flag.
template <std::size_t kBytes>
class ShortShard final : public KeyShard {
 public:
  explicit ShortShard(KeyRoom& room) : x_room(room) {}

  bool insert(const EncodedKeys& keys, const std::uint16_t* rows, std::uint32_t count,
              std::uint64_t* duplicates) override {
    for (std::uint32_t i = 0; i < count; ++i) {
      __builtin_prefetch(x_slots.data() + slot_of(keys.hashes[rows[i]], x_count) * kBytes);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (is_full(x_taken, x_count) && !grow()) return false;
      const auto key = load(keys.short_key(rows[i]));
      if (!put(key, keys.hashes[rows[i]])) set_bit(duplicates, rows[i]);
    }
    return true;
  }

  std::uint64_t bytes() const override { return x_slots.capacity(); }

 private:
  struct Words {
    std::uint64_t low;
    std::uint64_t high;

    bool is_zero() const { return (low | high) == 0; }
  };

  static Words load(const char* at) {
    constexpr std::size_t kLowBytes = kBytes < 8 ? kBytes : 8;
    Words words{0, 0};
    std::memcpy(&words.low, at, kLowBytes);
    if constexpr (kBytes > 8) std::memcpy(&words.high, at + 8, kBytes - 8);
    return words;
  }

  static void store(const Words& words, char* at) {
    constexpr std::size_t kLowBytes = kBytes < 8 ? kBytes : 8;
    std::memcpy(at, &words.low, kLowBytes);
    if constexpr (kBytes > 8) std::memcpy(at + 8, &words.high, kBytes - 8);
  }

  /// False where the key was there.
  bool put(const Words& key, std::uint64_t hash) {
    if (key.is_zero()) {
      const bool fresh = !x_has_zero;
      x_has_zero = true;
      return fresh;
    }
    for (auto slot = slot_of(hash, x_count);; slot = slot + 1 == x_count ? 0 : slot + 1) {
      char* at = x_slots.data() + slot * kBytes;
      const auto taken = load(at);
      if (taken.low == key.low && taken.high == key.high) return false;
      if (!taken.is_zero()) continue;
      store(key, at);
      ++x_taken;
      return true;
    }
  }

  bool grow() {
    const auto count = x_count;
    if (!x_room.take(grown(count) * kBytes)) return false;
    const auto before = std::move(x_slots);
    x_count = grown(count);
    x_slots = std::vector<char>(x_count * kBytes);
    x_taken = 0;
    for (std::size_t slot = 0; slot < count; ++slot) {
      const auto key = load(before.data() + slot * kBytes);
      if (!key.is_zero()) put(key, hash_short_key(key.low, key.high));
    }
    if (count > kFirstSlots) x_room.give_back(count * kBytes);
    return true;
  }

  HeldRoom x_room;
  std::size_t x_count = kFirstSlots;
  std::size_t x_taken = 0;
  bool x_has_zero = false;
  std::vector<char> x_slots = std::vector<char>(kFirstSlots * kBytes);
};

/// Keys lie in blocks; a slot holds where, and 24 bits of the hash. A slot of zeros is empty.
class LongShard final : public KeyShard {
 public:
  explicit LongShard(KeyRoom& room) : x_room(room) {}

  bool insert(const EncodedKeys& keys, const std::uint16_t* rows, std::uint32_t count,
              std::uint64_t* duplicates) override {
    for (std::uint32_t i = 0; i < count; ++i) {
      __builtin_prefetch(x_slots.data() + slot_of(keys.hashes[rows[i]], x_slots.size()));
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (is_full(x_taken, x_slots.size()) && !grow()) return false;
      const auto key = keys.long_key(rows[i]);
      const auto hash = keys.hashes[rows[i]];
      const auto slot = find(key, hash);
      if (x_slots[slot] != 0) {
        set_bit(duplicates, rows[i]);
        continue;
      }
      if (!has_block_for(key) && !add_block(key)) return false;
      x_slots[slot] = (store(key) << 24) | (hash & kTagMask);
      ++x_taken;
    }
    return true;
  }

  std::uint64_t bytes() const override { return x_slots.capacity() * 8 + x_key_bytes; }

 private:
  static constexpr std::size_t kBlockBytes = 1 << 16;  ///< 16 bits of a slot: where in the block.
  static constexpr std::uint64_t kTagMask = 0xffffff;
  static constexpr std::size_t kSizeBytes = 4;

  std::string_view key_at(std::uint64_t slot) const {
    const char* at = x_blocks[(slot >> 40) - 1].get() + ((slot >> 24) & 0xffff);
    std::uint32_t size;
    std::memcpy(&size, at, kSizeBytes);
    return {at + kSizeBytes, size};
  }

  /// The slot that holds it, or the empty one that is to.
  std::size_t find(std::string_view key, std::uint64_t hash) const {
    const auto tag = hash & kTagMask;
    auto slot = slot_of(hash, x_slots.size());
    while (x_slots[slot] != 0 &&
           ((x_slots[slot] & kTagMask) != tag || key_at(x_slots[slot]) != key)) {
      slot = next(slot);
    }
    return slot;
  }

  std::size_t next(std::size_t slot) const { return slot + 1 == x_slots.size() ? 0 : slot + 1; }

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

  bool grow() {
    if (!x_room.take(grown(x_slots.size()) * sizeof(std::uint64_t))) return false;
    const auto before = std::move(x_slots);
    x_slots = std::vector<std::uint64_t>(grown(before.size()));
    for (const auto entry : before) {
      if (entry == 0) continue;
      auto slot = slot_of(hash_long_key(key_at(entry)), x_slots.size());
      while (x_slots[slot] != 0) slot = next(slot);
      x_slots[slot] = entry;
    }
    if (before.size() > kFirstSlots) x_room.give_back(before.size() * sizeof(std::uint64_t));
    return true;
  }

  HeldRoom x_room;
  std::size_t x_taken = 0;
  std::size_t x_used = 0;         ///< Of the last block,
  std::size_t x_block_bytes = 0;  ///< and how long it is.
  std::uint64_t x_key_bytes = 0;
  std::vector<std::unique_ptr<char[]>> x_blocks;
  std::vector<std::uint64_t> x_slots = std::vector<std::uint64_t>(kFirstSlots);
};

}  // namespace

std::unique_ptr<KeyShard> make_key_shard(std::uint32_t width, KeyRoom& room) {
  if (width == 0) return std::make_unique<LongShard>(room);
  if (width <= 4) return std::make_unique<ShortShard<4>>(room);
  if (width <= 8) return std::make_unique<ShortShard<8>>(room);
  if (width <= 12) return std::make_unique<ShortShard<12>>(room);
  return std::make_unique<ShortShard<16>>(room);
}

}  // namespace leat::kernels
