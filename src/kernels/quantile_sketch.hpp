#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace leat::kernels {

/// KLL: quantiles of the values seen, within 1.33 % of the rank at 99 % confidence.
///
/// Promise   the same values in the same order give the same answer.
/// Missing   the caller leaves out nulls and NaN.
/// Source    Z. Karnin, K. Lang, E. Liberty, 2016: levels of values that stand for 2^n values each;
///           the lowest ones, which would hold a value or two, are one random pick out of 2^n.
class QuantileSketch {
 public:
  explicit QuantileSketch(std::uint64_t seed);

  /// `value_at(i)` is asked for the values that are picked only.
  template <typename ValueAt>
  void add(std::uint32_t count, ValueAt&& value_at) {
    while (x_seen + count > (kPickedMax << x_shift)) raise_to(x_shift + 1);
    x_seen += count;
    if (x_shift == 0) {
      for (std::uint32_t i = 0; i < count; ++i) push(value_at(i));
      return;
    }
    for (std::uint64_t at = x_until_pick; at < count; at = x_until_pick) {
      push(value_at(std::uint32_t(at)));
      pick_next();
    }
    x_until_pick -= count;
    x_until_block -= count;
  }
  void merge(const QuantileSketch& other);
  /// The values at these shares of the rank; none when nothing was seen.
  std::vector<double> at(std::span<const double> shares) const;
  /// For each of these values, in rising order, the share of all that are no greater.
  std::vector<double> shares_up_to(std::span<const double> values) const;

 private:
  static constexpr std::uint64_t kPickedMax = 32'768;

  /// Every kept value with the number of values that it stands for, in rising order.
  std::vector<std::pair<double, double>> weighted() const;
  void push(double value);
  void pick_next();
  std::uint64_t random();
  std::size_t capacity(std::size_t level) const;
  void set_levels(std::size_t count);
  void compact(std::size_t level);
  void compact_full();
  void raise_to(unsigned shift);

  std::uint64_t x_random;
  std::uint64_t x_seen = 0;
  unsigned x_shift = 0;             ///< Level 0 holds one value of each 2^x_shift.
  std::uint64_t x_until_pick = 0;   ///< How many values from here the pick of this block stands.
  std::uint64_t x_until_block = 0;  ///< How many values from here the next block starts.
  std::size_t x_capacity = 0;       ///< Of level 0.
  std::vector<std::vector<double>> x_levels;
};

}  // namespace leat::kernels
