#include "kernels/key_count.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>

#include "base/assert.hpp"
#include "kernels/bits.hpp"
#include "kernels/encoded_keys.hpp"

namespace leat::kernels {
namespace {

constexpr std::uint32_t kParts = 512;  ///< By the upper 9 bits of the hash.
constexpr std::uint32_t kPartShift = 64 - 9;
constexpr std::size_t kFirstKeys = 16;
constexpr std::size_t kBlockKeys = 4096;

/// Keys of kBytes bytes, laid one behind the other in blocks that grow.
template <std::size_t kBytes>
class Pile {
 public:
  bool is_full() const { return x_left == 0; }

  /// Only where it is not full.
  void put(const char* key) {
    std::memcpy(x_next, key, kBytes);
    x_next += kBytes;
    --x_left;
  }

  bool grow(HeldRoom& held) {
    const auto room = std::min(std::max(kFirstKeys, x_room), kBlockKeys);
    if (!held.take(room * kBytes)) return false;
    x_blocks.push_back({std::make_unique_for_overwrite<char[]>(room * kBytes), room});
    x_next = x_blocks.back().keys.get();
    x_left = room;
    x_room += room;
    return true;
  }

  std::size_t size() const { return x_room - x_left; }

  template <typename Visit>
  void each(Visit&& visit) const {
    for (std::size_t i = 0; i < x_blocks.size(); ++i) {
      const auto& block = x_blocks[i];
      const std::size_t keys = block.room - (i + 1 == x_blocks.size() ? x_left : 0);
      for (std::size_t key = 0; key < keys; ++key) visit(block.keys.get() + key * kBytes);
    }
  }

 private:
  struct Block {
    std::unique_ptr<char[]> keys;
    std::size_t room;
  };

  std::vector<Block> x_blocks;
  char* x_next = nullptr;
  std::size_t x_left = 0;
  std::size_t x_room = 0;
};

/// A key as two words, and the slots of one part's table.
struct Words {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  bool is_zero() const { return (low | high) == 0; }
  bool operator==(const Words&) const = default;
};

template <std::size_t kBytes>
Words load(const char* at) {
  constexpr std::size_t kLowBytes = kBytes < 8 ? kBytes : 8;
  Words words;
  std::memcpy(&words.low, at, kLowBytes);
  if constexpr (kBytes > 8) std::memcpy(&words.high, at + 8, kBytes - 8);
  return words;
}

/// The keys of one part met so far. A slot of zeros is empty; the key of zeros is a flag.
class PartTable {
 public:
  void clear(std::size_t keys) {
    std::size_t slots = 64;
    while (slots * 2 < keys * 3) slots *= 2;
    x_slots.assign(slots, Words());
    x_has_zero = false;
  }

  /// False where the key was there.
  bool put(const Words& key) {
    if (key.is_zero()) return !std::exchange(x_has_zero, true);
    const auto mask = x_slots.size() - 1;
    // The upper bits are alike in a part.
    for (auto slot = hash_short_key(key.low, key.high) & mask;; slot = (slot + 1) & mask) {
      if (x_slots[slot] == key) return false;
      if (!x_slots[slot].is_zero()) continue;
      x_slots[slot] = key;
      return true;
    }
  }

 private:
  std::vector<Words> x_slots;
  bool x_has_zero = false;
};

/// What one thread laid aside.
template <std::size_t kBytes>
class Layer final : public KeyCount::Hand {
 public:
  explicit Layer(KeyRoom& room) : x_room(room) {}

  bool add(std::span<const data::ColumnView> key, std::uint32_t rows,
           const std::uint64_t* judged) override {
    for (std::uint32_t first = 0; first < rows; first += kKeyBatch) {
      const auto count = std::min(kKeyBatch, rows - first);
      encode_keys(key, first, count, nullptr, *x_keys);
      hash_keys(count, *x_keys);
      for (std::uint32_t word = 0; word < words_of(count); ++word) {
        auto bits = row_mask(word, count);
        if (judged != nullptr) bits &= judged[first / 64 + word];
        for (const auto& column : key) {
          if (column.validity != nullptr) bits &= column.validity[first / 64 + word];
        }
        for (; bits != 0; bits &= bits - 1) {
          const auto row = word * 64 + std::uint32_t(__builtin_ctzll(bits));
          auto& pile = x_piles[x_keys->hashes[row] >> kPartShift];
          if (pile.is_full() && !pile.grow(x_room)) return false;
          pile.put(x_keys->short_key(row));
        }
      }
    }
    return true;
  }

  const Pile<kBytes>& pile(std::size_t part) const { return x_piles[part]; }

 private:
  HeldRoom x_room;
  std::array<Pile<kBytes>, kParts> x_piles;
  std::unique_ptr<EncodedKeys> x_keys = std::make_unique<EncodedKeys>();
};

/// Meets the parts, several at a time.
template <std::size_t kBytes>
KeyCount::Repeated meet(const std::vector<std::unique_ptr<KeyCount::Hand>>& hands,
                        std::uint32_t width, std::size_t examples_max) {
  KeyCount::Repeated found;
  std::mutex mutex;
  std::atomic<std::uint32_t> next{0};
  const auto work = [&] {
    PartTable table;
    for (auto part = next++; part < kParts; part = next++) {
      std::size_t keys = 0;
      for (const auto& hand : hands) {
        keys += static_cast<const Layer<kBytes>&>(*hand).pile(part).size();
      }
      table.clear(keys);
      std::uint64_t repeated = 0;
      std::vector<std::vector<char>> examples;
      for (const auto& hand : hands) {
        static_cast<const Layer<kBytes>&>(*hand).pile(part).each([&](const char* key) {
          if (table.put(load<kBytes>(key))) return;
          ++repeated;
          if (examples.size() < examples_max) examples.emplace_back(key, key + width);
        });
      }
      const std::lock_guard lock(mutex);
      found.rows += repeated;
      for (auto& example : examples) {
        if (found.examples.size() < examples_max) found.examples.push_back(std::move(example));
      }
    }
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < hands.size(); ++i) others.emplace_back(work);
  work();
  for (auto& other : others) other.join();
  return found;
}

/// Calls `visit` with the room that a key of this width takes.
template <typename Visit>
auto with_width(std::uint32_t width, Visit&& visit) {
  if (width <= 4) return visit(std::integral_constant<std::size_t, 4>());
  if (width <= 8) return visit(std::integral_constant<std::size_t, 8>());
  if (width <= 12) return visit(std::integral_constant<std::size_t, 12>());
  return visit(std::integral_constant<std::size_t, 16>());
}

/// Makes the hand that fits, once the width of the keys is known.
struct FirstHand final : KeyCount::Hand {
  explicit FirstHand(KeyRoom& of) : room(of) {}

  bool add(std::span<const data::ColumnView> key, std::uint32_t rows,
           const std::uint64_t* judged) override {
    if (hand == nullptr) {
      width = short_key_width(key);
      LEAT_ASSERT(width > 0);
      hand = with_width(width, [&](auto bytes) -> std::unique_ptr<KeyCount::Hand> {
        return std::make_unique<Layer<bytes()>>(room);
      });
    }
    return hand->add(key, rows, judged);
  }

  KeyRoom& room;
  std::unique_ptr<KeyCount::Hand> hand;
  std::uint32_t width = 0;
};

}  // namespace

struct KeyCount::State {
  explicit State(KeyRoom& of) : room(of) {}

  KeyRoom& room;
  std::mutex mutex;
  std::vector<std::unique_ptr<FirstHand>> hands;
};

bool KeyCount::fits(std::span<const data::Type> key) {
  std::vector<data::ColumnView> columns(key.size());
  for (std::size_t i = 0; i < key.size(); ++i) columns[i].physical = physical_of(key[i]);
  return short_key_width(columns) > 0;
}

KeyCount::KeyCount(KeyRoom& room) : x_state(std::make_unique<State>(room)) {}
KeyCount::~KeyCount() = default;

KeyCount::Hand& KeyCount::open_hand() {
  const std::lock_guard lock(x_state->mutex);
  x_state->hands.push_back(std::make_unique<FirstHand>(x_state->room));
  return *x_state->hands.back();
}

KeyCount::Repeated KeyCount::finish(std::size_t examples_max) {
  std::vector<std::unique_ptr<Hand>> hands;
  std::uint32_t width = 0;
  for (auto& first : x_state->hands) {
    if (first->hand == nullptr) continue;
    width = first->width;
    hands.push_back(std::move(first->hand));
  }
  if (hands.empty()) return {};
  return with_width(width, [&](auto bytes) { return meet<bytes()>(hands, width, examples_max); });
}

}  // namespace leat::kernels
