#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "kernels/encoded_keys.hpp"
#include "kernels/key_groups.hpp"
#include "kernels/key_room.hpp"

namespace leat::kernels {

/// The keys of one batch.
struct KeyBatch {
  EncodedKeys keys;
  std::array<std::uint64_t, kKeyBatch / 64> valid;  ///< Rows that are judged and have a key.
  KeyGroups groups;                                 ///< Of short ones.
};

/// One part of a KeySet: the keys whose hashes start alike.
///
/// Threads   one at a time; its KeySet locks it.
class KeyShard {
 public:
  virtual ~KeyShard() = default;
  /// Inserts `items`: groups of short keys, rows of long ones, by their numbers within the batch,
  /// ascending. Sets the bit of each row in `duplicates` whose key was there before. False: there
  /// was no room for all of them.
  [[nodiscard]] virtual bool insert(const KeyBatch& batch, const std::uint16_t* items,
                                    std::uint32_t count, std::uint64_t* duplicates) = 0;
  virtual std::uint64_t bytes() const = 0;
};

/// `width` as of short_key_width.
std::unique_ptr<KeyShard> make_short_shard(std::uint32_t width, KeyRoom& room);
std::unique_ptr<KeyShard> make_long_shard(KeyRoom& room);

}  // namespace leat::kernels
