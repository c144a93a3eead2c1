#include "kernels/key_groups.hpp"

#include "kernels/bits.hpp"

namespace leat::kernels {
namespace {

/// As mix, of numbers of so many bits; one to one among them.
template <std::uint32_t kBits>
constexpr std::uint64_t mix_within(std::uint64_t x) {
  constexpr auto kMask = (std::uint64_t{1} << kBits) - 1;
  x = ((x ^ (x >> (kBits / 2))) * 0xbf58476d1ce4e5b9ull) & kMask;
  x = ((x ^ (x >> (kBits / 2))) * 0x94d049bb133111ebull) & kMask;
  return x ^ (x >> (kBits / 2));
}

/// Hash and rest of a group whose keys take so many bytes: one to one, so that together they are
/// the group. The hash of one whose number is shorter has zeros behind.
template <std::uint32_t kBytes>
std::uint64_t hash_group(UInt128 number, std::uint64_t& rest) {
  rest = std::uint64_t(number >> 64);
  if constexpr (kBytes > 8) {
    return mix(std::uint64_t(number) ^ mix(rest));
  } else {
    constexpr auto kBits = kBytes * 8 - kGroupBits;
    return mix_within<kBits>(std::uint64_t(number)) << (64 - kBits);
  }
}

template <std::uint32_t kBytes>
void find_groups_of(const EncodedKeys& keys, const std::uint64_t* valid, std::uint32_t count,
                    KeyGroups& out, std::uint64_t* duplicates) {
  std::uint32_t found = 0;
  UInt128 before = 0;
  for (std::uint32_t word = 0; word < words_of(count); ++word) {
    for (auto bits = valid[word]; bits != 0; bits &= bits - 1) {
      const auto row = word * 64 + std::uint32_t(__builtin_ctzll(bits));
      const auto number = value_at<UInt128>(keys.short_keys.data(), row) >> kGroupBits;
      const auto mark = mark_of(keys, row);
      if (found > 0 && number == before) {
        auto& group = out.groups[found - 1];
        group.last = std::uint16_t(row);
        if ((group.marks & mark) != 0) duplicates[word] |= bits & (0 - bits);
        group.marks |= mark;
        continue;
      }
      before = number;
      auto& group = out.groups[found];
      out.hashes[found++] = hash_group<kBytes>(number, group.rest);
      group.first = group.last = std::uint16_t(row);
      group.marks = mark;
    }
  }
  out.count = found;
}

}  // namespace

void find_groups(const EncodedKeys& keys, const std::uint64_t* valid, std::uint32_t count,
                 KeyGroups& out, std::uint64_t* duplicates) {
  switch (short_slot_bytes(keys.width)) {
    case 4: return find_groups_of<4>(keys, valid, count, out, duplicates);
    case 8: return find_groups_of<8>(keys, valid, count, out, duplicates);
    default: return find_groups_of<16>(keys, valid, count, out, duplicates);
  }
}

}  // namespace leat::kernels
