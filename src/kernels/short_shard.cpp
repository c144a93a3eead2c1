#include <algorithm>
#include <cstring>
#include <optional>

#include "kernels/key_shard.hpp"
#include "kernels/key_table.hpp"
#include "kernels/zeroed_bytes.hpp"

namespace leat::kernels {
namespace {

constexpr std::uint32_t kMarks = (1u << (1u << kGroupBits)) - 1;

/// What a shard remembers of a group: the hash behind the bits that chose the shard, the rest, and
/// the marks, in one word. Zeros where there is none.
template <typename Word>
class NarrowSlot {
 public:
  static constexpr std::size_t kBytes = sizeof(Word);

  NarrowSlot() = default;
  NarrowSlot(std::uint64_t hash, const KeyGroup& group)
      : x_word(Word((hash << kShardBits) >> kShift) | group.marks) {}
  static NarrowSlot load(const char* at) {
    NarrowSlot slot;
    std::memcpy(&slot.x_word, at, kBytes);
    return slot;
  }
  void store(char* at) const { std::memcpy(at, &x_word, kBytes); }

  std::uint64_t hash() const {
    return std::uint64_t(x_word & ~Word(kMarks)) << kShift >> kShardBits;
  }
  std::uint32_t marks() const { return x_word & kMarks; }
  void add(std::uint32_t marks) { x_word |= marks; }
  bool is_group(const NarrowSlot& other) const {
    return ((x_word ^ other.x_word) & ~Word(kMarks)) == 0;
  }

 private:
  static constexpr std::uint32_t kShift = 64 - kBytes * 8;

  Word x_word = 0;
};

/// The same in two.
template <typename High>
class WideSlot {
 public:
  static constexpr std::size_t kBytes = 8 + sizeof(High);

  WideSlot() = default;
  WideSlot(std::uint64_t hash, const KeyGroup& group)
      : x_low((hash << kShardBits) | (group.rest & ((1u << kShardBits) - 1))),
        x_high(High(group.rest >> kShardBits << (1u << kGroupBits)) | group.marks) {}
  static WideSlot load(const char* at) {
    WideSlot slot;
    std::memcpy(&slot.x_low, at, 8);
    std::memcpy(&slot.x_high, at + 8, sizeof(High));
    return slot;
  }
  void store(char* at) const {
    std::memcpy(at, &x_low, 8);
    std::memcpy(at + 8, &x_high, sizeof(High));
  }

  std::uint64_t hash() const { return x_low >> kShardBits; }
  std::uint32_t marks() const { return x_high & kMarks; }
  void add(std::uint32_t marks) { x_high |= marks; }
  bool is_group(const WideSlot& other) const {
    return ((x_low ^ other.x_low) | ((x_high ^ other.x_high) & ~High(kMarks))) == 0;
  }

 private:
  std::uint64_t x_low = 0;
  High x_high = 0;
};

template <typename Slot>
class ShortShard final : public KeyShard {
 public:
  explicit ShortShard(KeyRoom& room) : x_room(room) {}

  bool insert(const KeyBatch& batch, const std::uint16_t* items, std::uint32_t count,
              std::uint64_t* duplicates) override {
    const auto& groups = batch.groups;
    const auto fetch = [&](std::uint32_t i) {
      __builtin_prefetch(at(slot_of(groups.hashes[items[i]], x_slots)));
    };
    for (std::uint32_t i = 0; i < std::min(kSlotsAhead, count); ++i) fetch(i);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i + kSlotsAhead < count) fetch(i + kSlotsAhead);
      if (is_full(x_taken, x_slots) && !grow()) return false;
      const auto& group = groups.groups[items[i]];
      const auto known = put({groups.hashes[items[i]], group});
      if (known != 0) mark_rows(batch, group, known, duplicates);
    }
    return true;
  }

  std::uint64_t bytes() const override { return x_bytes.size(); }

 private:
  char* at(std::size_t slot) const { return x_bytes.data() + slot * Slot::kBytes; }

  static void mark_rows(const KeyBatch& batch, const KeyGroup& group, std::uint32_t known,
                        std::uint64_t* duplicates) {
    for (std::uint32_t row = group.first; row <= group.last; ++row) {
      const auto bit = std::uint64_t{1} << (row % 64);
      const bool is_known = (mark_of(batch.keys, row) & known) != 0;
      if (is_known && (batch.valid[row / 64] & bit) != 0) duplicates[row / 64] |= bit;
    }
  }

  /// Which of the marks were there.
  std::uint32_t put(const Slot& group) {
    for (auto i = slot_of(group.hash(), x_slots);; i = i + 1 == x_slots ? 0 : i + 1) {
      auto slot = Slot::load(at(i));
      if (slot.marks() == 0) {
        group.store(at(i));
        ++x_taken;
        return 0;
      }
      if (!slot.is_group(group)) continue;
      const auto known = slot.marks() & group.marks();
      slot.add(group.marks());
      slot.store(at(i));
      return known;
    }
  }

  std::optional<Slot> take(std::size_t i) {
    const auto slot = Slot::load(at(i));
    if (slot.marks() == 0) return std::nullopt;
    Slot().store(at(i));
    return slot;
  }

  bool put_behind(std::size_t from, const Slot& group) {
    auto i = slot_of(group.hash(), x_slots);
    if (i <= from) return false;
    while (i < x_slots && Slot::load(at(i)).marks() != 0) ++i;
    if (i == x_slots) return false;
    group.store(at(i));
    ++x_taken;
    return true;
  }

  bool grow() {
    const auto before = x_slots;
    const auto after = grown(before);
    if (!x_room.take((after - before) * Slot::kBytes) || !x_bytes.grow(after * Slot::kBytes)) {
      return false;
    }
    x_slots = after;
    x_taken = 0;
    spread(
        before, [this](auto i) { return take(i); },
        [this](auto i, const Slot& group) { return put_behind(i, group); },
        [this](const Slot& group) { put(group); });
    return true;
  }

  HeldRoom x_room;
  std::size_t x_slots = 0;
  std::size_t x_taken = 0;
  ZeroedBytes x_bytes;
};

}  // namespace

std::unique_ptr<KeyShard> make_short_shard(std::uint32_t width, KeyRoom& room) {
  switch (short_slot_bytes(width)) {
    case 4: return std::make_unique<ShortShard<NarrowSlot<std::uint32_t>>>(room);
    case 8: return std::make_unique<ShortShard<NarrowSlot<std::uint64_t>>>(room);
    case 12: return std::make_unique<ShortShard<WideSlot<std::uint32_t>>>(room);
    default: return std::make_unique<ShortShard<WideSlot<std::uint64_t>>>(room);
  }
}

}  // namespace leat::kernels
