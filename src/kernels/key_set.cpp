#include "kernels/key_set.hpp"

#include <algorithm>
#include <array>
#include <mutex>

#include "base/assert.hpp"
#include "kernels/bits.hpp"
#include "kernels/key_shard.hpp"

namespace leat::kernels {
namespace {

constexpr std::uint32_t kShards = 1 << kShardBits;
constexpr std::uint32_t kShardShift = 64 - kShardBits;
constexpr std::uint32_t kBatchWords = kKeyBatch / 64;

struct LockedShard {
  std::mutex mutex;
  std::unique_ptr<KeyShard> shard;
};

/// One call's room, and its rows dealt out to the shards.
struct Deal {
  EncodedKeys keys;
  std::array<std::uint64_t, kBatchWords> valid;
  std::array<std::uint16_t, kKeyBatch> rows;  ///< Those of shard 0, then those of shard 1, …
  std::array<std::uint32_t, kShards + 1> starts;
};

/// Words of the rows that are judged and have no null in their key.
void find_valid(std::span<const data::ColumnView> key, std::uint32_t first, std::uint32_t count,
                const std::uint64_t* judged, Deal& deal) {
  for (std::uint32_t word = 0; word < words_of(count); ++word) {
    auto bits = row_mask(word, count);
    if (judged != nullptr) bits &= judged[first / 64 + word];
    for (const auto& column : key) {
      if (column.validity != nullptr) bits &= column.validity[first / 64 + word];
    }
    deal.valid[word] = bits;
  }
}

template <typename Visit>
void each_valid(const Deal& deal, std::uint32_t count, Visit&& visit) {
  for (std::uint32_t word = 0; word < words_of(count); ++word) {
    for (auto bits = deal.valid[word]; bits != 0; bits &= bits - 1) {
      visit(word * 64 + std::uint32_t(__builtin_ctzll(bits)));
    }
  }
}

void deal_out(std::uint32_t count, Deal& deal) {
  deal.starts.fill(0);
  each_valid(deal, count,
             [&](auto row) { ++deal.starts[(deal.keys.hashes[row] >> kShardShift) + 1]; });
  for (std::uint32_t i = 0; i < kShards; ++i) deal.starts[i + 1] += deal.starts[i];
  auto next = deal.starts;
  each_valid(deal, count, [&](auto row) {
    deal.rows[next[deal.keys.hashes[row] >> kShardShift]++] = std::uint16_t(row);
  });
}

}  // namespace

struct KeySet::State {
  explicit State(KeyRoom& of) : room(of) {}

  KeyRoom& room;
  std::once_flag made;
  std::uint32_t width = 0;
  std::array<LockedShard, kShards> shards;

  void make(std::uint32_t key_width) {
    width = key_width;
    for (auto& locked : shards) locked.shard = make_key_shard(key_width, room);
  }
};

KeySet::KeySet(KeyRoom& room) : x_state(std::make_unique<State>(room)) {}
KeySet::~KeySet() = default;

bool KeySet::insert(std::span<const data::ColumnView> key, std::uint32_t rows,
                    const std::uint64_t* judged, std::uint64_t* duplicates) {
  std::call_once(x_state->made, [&] { x_state->make(short_key_width(key)); });
  LEAT_ASSERT(short_key_width(key) == x_state->width);
  std::fill_n(duplicates, words_of(rows), 0);
  const auto deal = std::make_unique_for_overwrite<Deal>();
  for (std::uint32_t first = 0; first < rows; first += kKeyBatch) {
    const auto count = std::min(kKeyBatch, rows - first);
    find_valid(key, first, count, judged, *deal);
    encode_keys(key, first, count, deal->valid.data(), deal->keys);
    deal_out(count, *deal);
    for (std::uint32_t step = 0; step < kShards; ++step) {
      // Each call begins at another one, so that threads do not wait for each other at all of them.
      const auto i = (step + std::uint32_t(deal->keys.hashes[0])) % kShards;
      const auto start = deal->starts[i];
      const auto dealt = deal->starts[i + 1] - start;
      if (dealt == 0) continue;
      const std::lock_guard lock(x_state->shards[i].mutex);
      if (!x_state->shards[i].shard->insert(deal->keys, deal->rows.data() + start, dealt,
                                            duplicates + first / 64)) {
        return false;
      }
    }
  }
  return true;
}

std::uint64_t KeySet::bytes() const {
  std::uint64_t bytes = 0;
  for (auto& locked : x_state->shards) {
    const std::lock_guard lock(locked.mutex);
    if (locked.shard) bytes += locked.shard->bytes();
  }
  return bytes;
}

}  // namespace leat::kernels
