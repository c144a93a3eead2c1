#pragma once

#include <cstdint>
#include <memory>

#include "kernels/encoded_keys.hpp"
#include "kernels/key_room.hpp"

namespace leat::kernels {

/// Of a hash, its first ones: which of the shards a key is in. Few and large ones lie in huge
/// pages; each is locked for what a batch brings to it, so that threads seldom meet.
constexpr std::uint32_t kShardBits = 4;

/// One part of a KeySet: the keys whose hashes start alike.
///
/// Threads   one at a time; its KeySet locks it.
class KeyShard {
 public:
  virtual ~KeyShard() = default;
  /// Inserts the keys of `rows` (numbers within the batch, ascending) and sets the bit of each row
  /// in `duplicates` whose key was there before. False: there was no room for all of them.
  [[nodiscard]] virtual bool insert(const EncodedKeys& keys, const std::uint16_t* rows,
                                    std::uint32_t count, std::uint64_t* duplicates) = 0;
  virtual std::uint64_t bytes() const = 0;
};

/// `width` as of short_key_width.
std::unique_ptr<KeyShard> make_key_shard(std::uint32_t width, KeyRoom& room);

}  // namespace leat::kernels
