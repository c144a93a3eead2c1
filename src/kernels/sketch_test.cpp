#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "kernels/distinct_sketch.hpp"
#include "kernels/hash.hpp"
#include "kernels/quantile_sketch.hpp"
#include "kernels/statistics.hpp"

namespace leat::kernels {
namespace {

constexpr std::array<double, 7> kShares{0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

DistinctSketch sketch_of(std::uint64_t from, std::uint64_t to, std::uint64_t seed) {
  DistinctSketch sketch;
  for (auto value = from; value < to; ++value) {
    const auto hash = hash_of(std::int64_t(value), column_seed(seed));
    sketch.add(&hash, 1);
  }
  return sketch;
}

TEST(DistinctSketch, counts_nothing_and_few_exactly) {
  EXPECT_EQ(DistinctSketch().estimate(), 0u);
  for (const std::uint64_t count : {1, 2, 3, 10}) {
    EXPECT_EQ(sketch_of(0, count, 1).estimate(), count);
  }
}

TEST(DistinctSketch, keeps_its_standard_error_at_every_size) {
  for (const std::uint64_t count : {100, 3'000, 10'000, 20'000, 300'000}) {
    double squares = 0;
    const int rounds = count > 100'000 ? 20 : 60;
    for (int round = 0; round < rounds; ++round) {
      const auto seen = double(sketch_of(0, count, std::uint64_t(round)).estimate());
      squares += std::pow(seen / double(count) - 1, 2);
    }
    EXPECT_LT(std::sqrt(squares / rounds), Statistics::kDistinctStandardError * 1.3) << count;
  }
}

TEST(DistinctSketch, merged_equals_one) {
  auto left = sketch_of(0, 50'000, 1);
  left.merge(sketch_of(30'000, 90'000, 1));
  EXPECT_EQ(left.estimate(), sketch_of(0, 90'000, 1).estimate());
}

TEST(DistinctSketch, that_saw_nothing_changes_nothing_when_merged) {
  const auto some = sketch_of(0, 50'000, 1);
  DistinctSketch empty;
  empty.merge(DistinctSketch());
  EXPECT_EQ(empty.estimate(), 0u);
  auto kept = some;
  kept.merge(empty);
  EXPECT_EQ(kept.estimate(), some.estimate());
  empty.merge(some);
  EXPECT_EQ(empty.estimate(), some.estimate());
}

using Values = std::vector<double>;

Values values_of_kind(int kind, std::size_t count, std::mt19937_64& random) {
  Values out(count);
  std::normal_distribution<double> normal;
  std::lognormal_distribution<double> heavy(0, 3);
  for (std::size_t i = 0; i < count; ++i) {
    switch (kind) {
      case 0: out[i] = double(i); break;          // sorted
      case 1: out[i] = double(count - i); break;  // sorted downwards
      case 2: out[i] = normal(random); break;
      case 3: out[i] = heavy(random); break;
      case 4: out[i] = double(random() % 10); break;                 // ten values
      case 5: out[i] = double(i % 100); break;                       // periodic
      default: out[i] = i % 2 == 0 ? double(i) : -double(i); break;  // zoomed out
    }
  }
  return out;
}

/// How far the rank of `value` lies from `share`.
double rank_error(const Values& sorted, double value, double share) {
  const auto n = double(sorted.size());
  const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
  const auto low = double(first - sorted.begin()) / n;
  const auto high = double(last - sorted.begin()) / n;
  if (share < low) return low - share;
  return share > high ? share - high : 0;
}

/// Counts the answers that lie outside the stated error, over kinds and seeds.
double share_outside(std::size_t count, int parts) {
  std::mt19937_64 random(count);
  int outside = 0;
  int asked = 0;
  for (int kind = 0; kind < 7; ++kind) {
    const auto values = values_of_kind(kind, count, random);
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      std::vector<QuantileSketch> sketches;
      for (int part = 0; part < parts; ++part) {
        sketches.emplace_back(seed * 100 + std::uint64_t(part));
      }
      for (std::size_t from = 0; from < count; from += 2048) {
        const auto batch = std::uint32_t(std::min<std::size_t>(2048, count - from));
        sketches[from / 2048 % std::size_t(parts)].add(
            batch, [&](std::uint32_t i) { return values[from + i]; });
      }
      for (int part = 1; part < parts; ++part) sketches[0].merge(sketches[std::size_t(part)]);
      const auto found = sketches[0].at(kShares);
      for (std::size_t i = 0; i < kShares.size(); ++i, ++asked) {
        outside += rank_error(sorted, found[i], kShares[i]) > Statistics::kQuantileRankError;
      }
    }
  }
  return double(outside) / asked;
}

/// Levels are sorted in ways of their own by how many values they hold.
TEST(QuantileSketch, takes_values_in_any_order_and_number_alike) {
  for (const std::uint32_t count : {1U, 31U, 400U, 2'000U, 20'000U, 200'000U}) {
    for (const int order : {0, 1, 2, 3}) {
      std::vector<double> values(count);
      std::iota(values.begin(), values.end(), 0.0);
      if (order == 1) std::reverse(values.begin(), values.end());
      if (order == 2) std::shuffle(values.begin(), values.end(), std::mt19937_64(count));
      if (order == 3) std::fill(values.begin(), values.end(), 7.0);
      QuantileSketch sketch(count);
      sketch.add(count, [&](std::uint32_t i) { return values[i]; });
      const auto found = sketch.at(kShares);
      EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
      for (std::size_t i = 0; i < kShares.size(); ++i) {
        const double expected = order == 3 ? 7.0 : kShares[i] * count;
        const double error = order == 3 ? 0 : 1 + Statistics::kQuantileRankError * count;
        EXPECT_NEAR(found[i], expected, error) << count << " values in order " << order;
      }
    }
  }
}

TEST(QuantileSketch, keeps_its_rank_error_at_99_percent_confidence) {
  EXPECT_LE(share_outside(1000, 1), 0.01);
  EXPECT_LE(share_outside(33'000, 1), 0.01);
  EXPECT_LE(share_outside(70'000, 1), 0.01);
  EXPECT_LE(share_outside(400'000, 1), 0.01);
}

TEST(QuantileSketch, keeps_it_when_merged_from_parts) {
  EXPECT_LE(share_outside(60'000, 8), 0.01);
  EXPECT_LE(share_outside(400'000, 3), 0.01);
}

TEST(QuantileSketch, merges_one_that_saw_much_more) {
  std::mt19937_64 random(3);
  const auto values = values_of_kind(2, 300'000, random);
  QuantileSketch large(1);
  QuantileSketch small(2);
  const auto split = values.size() - 1000;
  large.add(std::uint32_t(split), [&](std::uint32_t i) { return values[i]; });
  small.add(1000, [&](std::uint32_t i) { return values[split + i]; });
  small.merge(large);
  auto sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const auto found = small.at(kShares);
  for (std::size_t i = 0; i < kShares.size(); ++i) {
    EXPECT_LT(rank_error(sorted, found[i], kShares[i]), Statistics::kQuantileRankError);
  }
}

TEST(QuantileSketch, of_nothing_has_no_quantiles) {
  EXPECT_TRUE(QuantileSketch(1).at(kShares).empty());
}

TEST(QuantileSketch, holds_infinities) {
  QuantileSketch sketch(1);
  sketch.add(100, [](std::uint32_t i) { return i < 50 ? -INFINITY : INFINITY; });
  EXPECT_EQ(sketch.at(kShares).front(), -INFINITY);
  EXPECT_EQ(sketch.at(kShares).back(), INFINITY);
}

}  // namespace
}  // namespace leat::kernels
