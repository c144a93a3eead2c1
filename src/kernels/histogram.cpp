#include "kernels/histogram.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace leat::kernels {
namespace {

/// The rank error is said at 99 % confidence, which is 2.58 standard errors.
constexpr double kBand = 6 * Statistics::kQuantileRankError / 2.58;
constexpr std::array<double, 4> kQuartileShares{0.25 - kBand, 0.25 + kBand, 0.75 - kBand,
                                                0.75 + kBand};

constexpr std::array<double, 7> kShares{0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
constexpr std::size_t kBins = 20;
constexpr double kFenceRanges = 3;  ///< A value this many interquartile ranges away is far out.

/// The greatest number that is less.
double just_below(double value) {
  return std::nextafter(value, -std::numeric_limits<double>::infinity());
}

/// An estimate has no more digits than these.
double rounded(double share) { return std::round(share * 1e4) / 1e4; }

double share_outside_fences(const QuantileSketch& sketch, double lower, double upper) {
  const double reach = kFenceRanges * (upper - lower);
  const auto up_to = sketch.shares_up_to(std::array{just_below(lower - reach), upper + reach});
  return rounded(up_to[0] + 1 - up_to[1]);
}

Histogram histogram_of(const QuantileSketch& sketch, const std::vector<double>& quantiles) {
  Histogram out;
  out.from = quantiles.front();
  out.to = quantiles.back();
  const std::size_t bins = out.from < out.to ? kBins : 1;
  std::vector<double> edges{just_below(out.from)};
  for (std::size_t i = 1; i < bins; ++i) {
    const double share = double(i) / double(bins);
    edges.push_back(std::max(edges.back(), out.from * (1 - share) + out.to * share));
  }
  edges.push_back(out.to);
  const auto up_to = sketch.shares_up_to(edges);
  for (std::size_t i = 1; i < up_to.size(); ++i) {
    out.shares.push_back(rounded(up_to[i] - up_to[i - 1]));
  }
  out.below = rounded(up_to.front());
  out.above = rounded(1 - up_to.back());
  out.outside = share_outside_fences(sketch, quantiles[2], quantiles[4]);
  return out;
}

}  // namespace

void describe_spread(const QuantileSketch& sketch, ColumnSummary& summary) {
  summary.quantiles = sketch.at(kShares);
  summary.quartile_bounds = sketch.at(kQuartileShares);
  if (summary.quantiles.empty()) return;
  if (!std::isfinite(summary.quantiles.front()) || !std::isfinite(summary.quantiles.back())) return;
  summary.histogram = histogram_of(sketch, summary.quantiles);
}

}  // namespace leat::kernels
