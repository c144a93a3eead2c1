#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "data/chunk_view.hpp"
#include "kernels/hash.hpp"
#include "kernels/wide.hpp"

namespace leat::kernels {

constexpr std::uint32_t kKeyBatch = 2048;

/// The keys of up to kKeyBatch rows as bytes, equal where the engine's GROUP BY holds them equal,
/// and their hashes.
///
/// Shape     short keys (fixed width, 16 bytes at most) lie zero-padded in 16 bytes each, the first
///           column last, so that read as one number they are in the order of the columns; any
///           others lie one behind the other, each text behind its length.
struct EncodedKeys {
  std::uint32_t width = 0;  ///< As of short_key_width.
  std::array<std::uint64_t, kKeyBatch> hashes;
  alignas(16) std::array<char, kKeyBatch * 16> short_keys;
  std::vector<char> long_keys;
  std::array<std::uint32_t, kKeyBatch + 1> offsets;  ///< Into `long_keys`.

  const char* short_key(std::uint32_t row) const { return short_keys.data() + row * 16; }
  std::string_view long_key(std::uint32_t row) const {
    return {long_keys.data() + offsets[row], offsets[row + 1] - offsets[row]};
  }
};

/// Bytes of one column's value in a short key.
std::uint32_t key_width(const data::Type& type);

/// Bytes of a short key; 0 where the columns need long ones.
std::uint32_t short_key_width(std::span<const data::ColumnView> key);

/// Of a short key as one number: the bits that tell a negative number from others. Numbers are in
/// the order of the keys once these are turned round.
UInt128 sign_bits(std::span<const data::ColumnView> key);

/// Encodes rows `first` to `first + count` of the key's columns, those whose bit in `valid` is set.
void encode_keys(std::span<const data::ColumnView> key, std::uint32_t first, std::uint32_t count,
                 const std::uint64_t* valid, EncodedKeys& out);
/// Hashes the first `count` of them.
void hash_keys(std::uint32_t count, EncodedKeys& keys);

/// Of the 16 bytes of a short key as two words.
constexpr std::uint64_t hash_short_key(std::uint64_t low, std::uint64_t high) {
  return mix(mix(low) ^ high);
}
std::uint64_t hash_long_key(std::string_view key);

}  // namespace leat::kernels
