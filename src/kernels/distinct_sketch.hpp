#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace leat::kernels {

/// HyperLogLog: how many different hashes were seen, within 1.63 % (one standard error).
///
/// Source    P. Flajolet et al., 2007; the estimator is O. Ertl's, 2017, which needs no
///           correction tables and is good from zero up.
class DistinctSketch {
 public:
  void add(const std::uint64_t* hashes, std::uint32_t count) {
    if (x_ranks.empty()) x_ranks.resize(kRegisters);
    auto* const ranks = x_ranks.data();
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto hash = hashes[i];
      const auto rank = std::uint8_t(1 + __builtin_ctzll(hash | (std::uint64_t{1} << kRankBits)));
      auto& seen = ranks[hash >> kRankBits];
      if (rank > seen) seen = rank;
    }
  }
  void merge(const DistinctSketch& other);
  std::uint64_t estimate() const;

 private:
  static constexpr int kIndexBits = 12;
  static constexpr int kRankBits = 64 - kIndexBits;

  static constexpr std::size_t kRegisters = std::size_t(1) << kIndexBits;

  /// Empty until the first hash: a thread's columns that never see a row take no room.
  std::vector<std::uint8_t> x_ranks;
};

}  // namespace leat::kernels
