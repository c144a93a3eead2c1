#include "kernels/distinct_sketch.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace leat::kernels {
namespace {

double sigma(double x) {
  if (x == 1.0) return INFINITY;
  double before = 0;
  double y = 1;
  double z = x;
  while (z != before) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

double tau(double x) {
  if (x == 0.0 || x == 1.0) return 0.0;
  double before = 0;
  double y = 1;
  double z = 1 - x;
  while (z != before) {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

}  // namespace

void DistinctSketch::merge(const DistinctSketch& other) {
  if (x_ranks.empty() || other.x_ranks.empty()) {
    if (x_ranks.empty()) x_ranks = other.x_ranks;
    return;
  }
  for (std::size_t i = 0; i < x_ranks.size(); ++i) {
    x_ranks[i] = std::max(x_ranks[i], other.x_ranks[i]);
  }
}

std::uint64_t DistinctSketch::estimate() const {
  if (x_ranks.empty()) return 0;
  std::array<std::uint32_t, kRankBits + 2> histogram{};
  for (const auto rank : x_ranks) ++histogram[rank];
  const double registers = double(x_ranks.size());
  double z = registers * tau(1.0 - histogram[kRankBits + 1] / registers);
  for (int rank = kRankBits; rank >= 1; --rank) z = 0.5 * (z + histogram[std::size_t(rank)]);
  z += registers * sigma(histogram[0] / registers);
  const double estimate = registers * registers / (2.0 * std::log(2.0) * z);
  return std::uint64_t(std::llround(estimate));
}

}  // namespace leat::kernels
