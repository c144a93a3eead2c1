#pragma once

#include <array>
#include <cstdint>

namespace leat::kernels {

/// HyperLogLog: how many different hashes were seen, within 1.63 % (one standard error).
///
/// Source    P. Flajolet et al., 2007; the estimator is O. Ertl's, 2017, which needs no
///           correction tables and is good from zero up.
class DistinctSketch {
 public:
  void add(const std::uint64_t* hashes, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto hash = hashes[i];
      const auto rank = std::uint8_t(1 + __builtin_ctzll(hash | (std::uint64_t{1} << kRankBits)));
      auto& seen = x_ranks[hash >> kRankBits];
      if (rank > seen) seen = rank;
    }
  }
  void merge(const DistinctSketch& other);
  std::uint64_t estimate() const;

 private:
  static constexpr int kIndexBits = 12;
  static constexpr int kRankBits = 64 - kIndexBits;

  std::array<std::uint8_t, 1 << kIndexBits> x_ranks{};
};

}  // namespace leat::kernels
