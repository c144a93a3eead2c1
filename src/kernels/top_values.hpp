#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace leat::kernels {

/// The values that come most often, by a sample of one out of 2^n.
///
/// Promise   the same values in the same order give the same answer. Up to kPickedMax values every
///           one counts, and up to kEntries different ones are counted exactly.
/// Source    A. Metwally, D. Agrawal, A. El Abbadi, 2005: the rarest entry makes room for a new one
///           and leaves it its count, which is what may be wrong with the count of the new one.
class TopValues {
 public:
  static constexpr std::uint64_t kPickedMax = 8'192;
  static constexpr std::size_t kEntries = 64;
  static constexpr std::size_t kTextBytesMax = 64;  ///< Kept of a longer text.

  struct Value {
    std::array<char, 16> bytes{};  ///< As it stood in its vector; of a text only where it is short.
    std::string text;              ///< Of a longer one,
    bool is_cut = false;           ///< and whether it goes on.
  };
  struct Found {
    Value value;
    double share = 0;  ///< Of all values; never more than the sample says.
  };
  /// Keeps a value that will be gone; `index` is its place among those that were given.
  using Keep = std::function<Value(std::uint32_t index)>;

  explicit TopValues(std::uint64_t seed) : x_random(seed) {}

  void add(const std::uint64_t* hashes, std::uint32_t count, const Keep& keep);
  void merge(const TopValues& other);
  /// Those of which the sample is sure that they are not rare, the most frequent first.
  std::vector<Found> top(std::size_t most) const;

 private:
  struct Entry {
    double excess = 0;  ///< So much of the count may be others'.
    Value value;
  };

  void pick_next();
  void raise();
  std::size_t find(std::uint64_t hash) const;
  std::size_t rarest();
  bool take_known(std::uint64_t hash, double weight, double excess);
  void take_new(std::uint64_t hash, double weight, double excess, Value value);

  std::uint64_t x_random;
  std::uint64_t x_seen = 0;
  unsigned x_shift = 0;             ///< One value of each 2^x_shift is picked.
  double x_weight = 1;              ///< The most that one pick has stood for.
  std::uint64_t x_until_pick = 0;   ///< How many values from here the pick of this block stands.
  std::uint64_t x_until_block = 0;  ///< How many values from here the next block starts.
  alignas(64) std::array<std::uint16_t, kEntries> x_tags{};  ///< Ends of the hashes.
  std::array<std::uint64_t, kEntries> x_hashes{};
  std::array<double, kEntries> x_counts{};
  std::vector<Entry> x_entries;
  double x_fewest = 0;            ///< No count is less;
  std::size_t x_fewest_from = 0;  ///< those before have more.
};

}  // namespace leat::kernels
