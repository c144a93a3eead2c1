#include "kernels/key_set.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>

#include "base/assert.hpp"
#include "kernels/bits.hpp"
#include "kernels/key_runs.hpp"
#include "kernels/key_shard.hpp"

namespace leat::kernels {
namespace {

constexpr std::uint32_t kShards = 1 << kShardBits;
constexpr std::uint32_t kShardShift = 64 - kShardBits;

struct LockedShard {
  std::mutex mutex;
  std::unique_ptr<KeyShard> shard;
};

/// One call's room, and what it brings dealt out to the shards.
struct Deal {
  KeyBatch batch;
  std::array<std::uint16_t, kKeyBatch> items;  ///< Those of shard 0, then those of shard 1, …
  std::array<std::uint32_t, kShards + 1> starts;
  std::array<UInt128, kKeyBatch> ascending;
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
    deal.batch.valid[word] = bits;
  }
}

template <typename Visit>
void each_valid(const Deal& deal, std::uint32_t count, Visit&& visit) {
  for (std::uint32_t word = 0; word < words_of(count); ++word) {
    for (auto bits = deal.batch.valid[word]; bits != 0; bits &= bits - 1) {
      visit(word * 64 + std::uint32_t(__builtin_ctzll(bits)));
    }
  }
}

/// `each` calls what it is given with each item and its hash.
template <typename Each>
void deal_out(Deal& deal, Each&& each) {
  deal.starts.fill(0);
  each([&](std::uint32_t, std::uint64_t hash) { ++deal.starts[(hash >> kShardShift) + 1]; });
  for (std::uint32_t i = 0; i < kShards; ++i) deal.starts[i + 1] += deal.starts[i];
  auto next = deal.starts;
  each([&](std::uint32_t item, std::uint64_t hash) {
    deal.items[next[hash >> kShardShift]++] = std::uint16_t(item);
  });
}

/// Groups of short keys are dealt out, long keys row by row.
void deal_out(std::uint32_t count, Deal& deal, std::uint64_t* duplicates) {
  auto& keys = deal.batch.keys;
  if (keys.width == 0) {
    hash_keys(count, keys);
    deal_out(deal, [&](auto&& take) {
      each_valid(deal, count, [&](auto row) { take(row, keys.hashes[row]); });
    });
    return;
  }
  auto& groups = deal.batch.groups;
  find_groups(keys, deal.batch.valid.data(), count, groups, duplicates);
  deal_out(deal, [&](auto&& take) {
    for (std::uint32_t i = 0; i < groups.count; ++i) take(i, groups.hashes[i]);
  });
}

UInt128 number_of(const EncodedKeys& keys, std::uint32_t row) {
  UInt128 number;
  std::memcpy(&number, keys.short_key(row), sizeof(number));
  return number;
}

/// The valid keys as numbers, each greater than the one before, where they come in this order or
/// the other way round; a repeat of the one before is left out and marked. Else nothing.
std::optional<std::span<const UInt128>> find_ascending(std::uint32_t count, UInt128 signs,
                                                       Deal& deal, std::uint64_t* duplicates) {
  std::uint32_t found = 0;
  bool ascends = true;
  bool descends = true;
  each_valid(deal, count, [&](auto row) {
    const auto key = number_of(deal.batch.keys, row) ^ signs;
    if (found > 0) {
      const auto before = deal.ascending[found - 1];
      if (key == before) {
        duplicates[row / 64] |= std::uint64_t{1} << (row % 64);
        return;
      }
      (key > before ? descends : ascends) = false;
    }
    deal.ascending[found++] = key;
  });
  if (!ascends && !descends) return std::nullopt;
  if (!ascends) std::reverse(deal.ascending.data(), deal.ascending.data() + found);
  return std::span<const UInt128>(deal.ascending.data(), found);
}

}  // namespace

struct KeySet::State {
  explicit State(KeyRoom& of) : room(of), runs(of) {}

  KeyRoom& room;
  std::once_flag made;
  std::uint32_t width = 0;
  UInt128 signs = 0;
  /// Keys are in `runs` and none in `shards`, or the other way round.
  std::atomic<bool> in_order = false;
  std::mutex runs_mutex;
  KeyRuns runs;
  std::atomic<std::uint32_t> turn = 0;
  std::array<LockedShard, kShards> shards;

  void make(std::span<const data::ColumnView> key) {
    width = short_key_width(key);
    if (width > 0) signs = sign_bits(key);
    in_order = width > 0;
    for (auto& locked : shards) {
      locked.shard = width > 0 ? make_short_shard(width, room) : make_long_shard(room);
    }
  }

  KeyRuns::Answer insert_in_order(std::uint32_t count, Deal& deal, std::uint64_t* duplicates);
  bool leave_order(Deal& deal);
  bool insert_anywhere(std::uint32_t count, Deal& deal, std::uint64_t* duplicates);
};

/// The first batch out of order takes all keys before it into the shards.
KeyRuns::Answer KeySet::State::insert_in_order(std::uint32_t count, Deal& deal,
                                               std::uint64_t* duplicates) {
  if (!in_order) return KeyRuns::Answer::out_of_order;
  const auto keys = find_ascending(count, signs, deal, duplicates);
  if (keys && keys->empty()) return KeyRuns::Answer::taken;
  std::optional<KeyRun> run;
  if (keys) run.emplace(*keys);
  const std::lock_guard lock(runs_mutex);
  if (!in_order) return KeyRuns::Answer::out_of_order;
  const auto answer = run ? runs.add(std::move(*run)) : KeyRuns::Answer::out_of_order;
  if (answer == KeyRuns::Answer::out_of_order && !leave_order(*std::make_unique<Deal>())) {
    return KeyRuns::Answer::no_room;
  }
  return answer;
}

bool KeySet::State::leave_order(Deal& deal) {
  deal.batch.keys.width = width;
  while (!runs.empty()) {
    const auto run = runs.take();
    run.copy_to(deal.ascending.data());
    for (std::uint32_t i = 0; i < run.count(); ++i) {
      const auto key = deal.ascending[i] ^ signs;
      std::memcpy(deal.batch.keys.short_keys.data() + std::size_t(i) * sizeof(key), &key,
                  sizeof(key));
    }
    for (std::uint32_t word = 0; word < words_of(run.count()); ++word) {
      deal.batch.valid[word] = row_mask(word, run.count());
    }
    std::array<std::uint64_t, kKeyBatch / 64> none{};
    if (!insert_anywhere(run.count(), deal, none.data())) return false;
  }
  in_order = false;
  return true;
}

bool KeySet::State::insert_anywhere(std::uint32_t count, Deal& deal, std::uint64_t* duplicates) {
  deal_out(count, deal, duplicates);
  // Each call begins at another one, so that threads do not wait for each other at all of them.
  const auto begin = turn.fetch_add(kShards / 2 + 1, std::memory_order_relaxed);
  for (std::uint32_t step = 0; step < kShards; ++step) {
    const auto i = (begin + step) % kShards;
    const auto start = deal.starts[i];
    const auto dealt = deal.starts[i + 1] - start;
    if (dealt == 0) continue;
    const std::lock_guard lock(shards[i].mutex);
    if (!shards[i].shard->insert(deal.batch, deal.items.data() + start, dealt, duplicates)) {
      return false;
    }
  }
  return true;
}

KeySet::KeySet(KeyRoom& room) : x_state(std::make_unique<State>(room)) {}
KeySet::~KeySet() = default;

bool KeySet::insert(std::span<const data::ColumnView> key, std::uint32_t rows,
                    const std::uint64_t* judged, std::uint64_t* duplicates) {
  std::call_once(x_state->made, [&] { x_state->make(key); });
  LEAT_ASSERT(short_key_width(key) == x_state->width);
  std::fill_n(duplicates, words_of(rows), 0);
  const auto deal = std::make_unique_for_overwrite<Deal>();
  for (std::uint32_t first = 0; first < rows; first += kKeyBatch) {
    const auto count = std::min(kKeyBatch, rows - first);
    find_valid(key, first, count, judged, *deal);
    encode_keys(key, first, count, deal->batch.valid.data(), deal->batch.keys);
    const auto answer = x_state->insert_in_order(count, *deal, duplicates + first / 64);
    if (answer == KeyRuns::Answer::no_room) return false;
    if (answer == KeyRuns::Answer::taken) continue;
    if (!x_state->insert_anywhere(count, *deal, duplicates + first / 64)) return false;
  }
  return true;
}

std::uint64_t KeySet::bytes() const {
  std::uint64_t bytes = 0;
  {
    const std::lock_guard lock(x_state->runs_mutex);
    bytes = x_state->runs.bytes();
  }
  for (auto& locked : x_state->shards) {
    const std::lock_guard lock(locked.mutex);
    if (locked.shard) bytes += locked.shard->bytes();
  }
  return bytes;
}

}  // namespace leat::kernels
