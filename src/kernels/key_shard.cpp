#include "kernels/key_shard.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "kernels/wide.hpp"
#include "kernels/zeroed_bytes.hpp"

namespace leat::kernels {
namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kDoubledSlots = std::size_t{1} << 18;
constexpr std::uint32_t kAhead = 16;  ///< Keys whose slots are on their way from memory.

/// Open addressing with linear steps. At most three of four slots are taken; a large table grows by
/// a half only: there are 16 of them, so the work is spread. Slots are in the order of the hashes,
/// so that a table grows where it is.
bool is_full(std::size_t taken, std::size_t slots) { return taken * 4 >= slots * 3; }
std::size_t grown(std::size_t slots) {
  if (slots == 0) return kFirstSlots;
  return slots < kDoubledSlots ? slots * 2 : slots + slots / 2;
}

/// The upper bits chose the shard.
std::size_t slot_of(std::uint64_t hash, std::size_t slots) {
  return std::size_t((UInt128(hash << kShardBits) * slots) >> 64);
}

void set_bit(std::uint64_t* words, std::uint32_t bit) {
  words[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

/// After a table has grown from so many slots: each key goes to where it belongs now, from the last
/// on, for that is further behind than it was. Those at the beginning, whose places are near each
/// other, and any that lie far from their own, are lifted out first. `take` leaves a slot empty.
template <typename Slot, typename Take, typename HashOf, typename Put>
void spread(std::size_t before, std::size_t slots, Take take, HashOf hash_of, Put put) {
  constexpr std::size_t kLifted = 1024;
  std::vector<Slot> lifted;
  const auto low = std::min(before, kLifted);
  for (std::size_t i = 0; i < low; ++i) {
    if (const Slot key = take(i); key != Slot{}) lifted.push_back(key);
  }
  for (auto i = before; i-- > low;) {
    const Slot key = take(i);
    if (key == Slot{}) continue;
    const auto hash = hash_of(key);
    if (slot_of(hash, slots) > i) {
      put(key, hash);
    } else {
      lifted.push_back(key);
    }
  }
  for (const Slot& key : lifted) put(key, hash_of(key));
}

/// Keys lie in the slots themselves. A slot of zeros is empty; the key of zeros is a flag.
template <std::size_t kBytes>
class ShortShard final : public KeyShard {
 public:
  explicit ShortShard(KeyRoom& room) : x_room(room) {}

  bool insert(const EncodedKeys& keys, const std::uint16_t* rows, std::uint32_t count,
              std::uint64_t* duplicates) override {
    const auto fetch = [&](std::uint32_t i) {
      __builtin_prefetch(x_slots.data() + slot_of(keys.hashes[rows[i]], x_count) * kBytes);
    };
    for (std::uint32_t i = 0; i < std::min(kAhead, count); ++i) fetch(i);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i + kAhead < count) fetch(i + kAhead);
      if (is_full(x_taken, x_count) && !grow()) return false;
      const auto key = load(keys.short_key(rows[i]));
      if (!put(key, keys.hashes[rows[i]])) set_bit(duplicates, rows[i]);
    }
    return true;
  }

  std::uint64_t bytes() const override { return x_slots.size(); }

 private:
  struct Words {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    bool is_zero() const { return (low | high) == 0; }
    bool operator==(const Words&) const = default;
  };

  static Words load(const char* at) {
    constexpr std::size_t kLowBytes = kBytes < 8 ? kBytes : 8;
    Words words;
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
      if (taken == key) return false;
      if (!taken.is_zero()) continue;
      store(key, at);
      ++x_taken;
      return true;
    }
  }

  Words take(std::size_t slot) {
    char* at = x_slots.data() + slot * kBytes;
    const auto words = load(at);
    store({}, at);
    return words;
  }

  bool grow() {
    const auto before = x_count;
    const auto after = grown(before);
    if (!x_room.take((after - before) * kBytes) || !x_slots.grow(after * kBytes)) return false;
    x_count = after;
    x_taken = 0;
    spread<Words>(
        before, after, [this](auto slot) { return take(slot); },
        [](const Words& key) { return hash_short_key(key.low, key.high); },
        [this](const Words& key, std::uint64_t hash) { put(key, hash); });
    return true;
  }

  HeldRoom x_room;
  std::size_t x_count = 0;
  std::size_t x_taken = 0;
  bool x_has_zero = false;
  ZeroedBytes x_slots;
};

/// Keys lie in blocks; a slot holds where, and 24 bits of the hash. A slot of zeros is empty.
class LongShard final : public KeyShard {
 public:
  explicit LongShard(KeyRoom& room) : x_room(room) {}

  bool insert(const EncodedKeys& keys, const std::uint16_t* rows, std::uint32_t count,
              std::uint64_t* duplicates) override {
    const auto fetch = [&](std::uint32_t i) {
      __builtin_prefetch(slots() + slot_of(keys.hashes[rows[i]], x_count));
    };
    for (std::uint32_t i = 0; i < std::min(kAhead, count); ++i) fetch(i);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i + kAhead < count) fetch(i + kAhead);
      if (is_full(x_taken, x_count) && !grow()) return false;
      const auto key = keys.long_key(rows[i]);
      const auto hash = keys.hashes[rows[i]];
      const auto slot = find(key, hash);
      if (slots()[slot] != 0) {
        set_bit(duplicates, rows[i]);
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

  void put(std::uint64_t entry, std::uint64_t hash) {
    auto slot = slot_of(hash, x_count);
    while (slots()[slot] != 0) slot = next(slot);
    slots()[slot] = entry;
  }

  bool grow() {
    const auto before = x_count;
    const auto after = grown(before);
    if (!x_room.take((after - before) * kSlotBytes) || !x_slots.grow(after * kSlotBytes)) {
      return false;
    }
    x_count = after;
    spread<std::uint64_t>(
        before, after, [this](auto slot) { return std::exchange(slots()[slot], 0); },
        [this](std::uint64_t entry) { return hash_long_key(key_at(entry)); },
        [this](std::uint64_t entry, std::uint64_t hash) { put(entry, hash); });
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

std::unique_ptr<KeyShard> make_key_shard(std::uint32_t width, KeyRoom& room) {
  if (width == 0) return std::make_unique<LongShard>(room);
  if (width <= 4) return std::make_unique<ShortShard<4>>(room);
  if (width <= 8) return std::make_unique<ShortShard<8>>(room);
  if (width <= 12) return std::make_unique<ShortShard<12>>(room);
  return std::make_unique<ShortShard<16>>(room);
}

}  // namespace leat::kernels
