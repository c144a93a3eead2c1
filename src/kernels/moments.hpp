#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

namespace leat::kernels {

/// Mean and standard deviation of numbers, gathered while they stream by.
///
/// Promise   as exact as doubles that are added in some order; each batch is taken about a value of
///           its own, so that large numbers close to each other lose no digits.
/// Missing   the caller leaves out nulls and NaN; with an infinity among them there is no answer.
/// Source    T. Chan, G. Golub, R. LeVeque, 1979: sums of squares are merged by their means.
class Moments {
 public:
  template <typename ValueAt>
  void add(std::uint32_t count, ValueAt&& value_at) {
    if (count == 0) return;
    constexpr std::uint32_t kLanes = 4;  // Sums that do not wait for each other.
    const double about = value_at(0);
    std::array<double, kLanes> sums{};
    std::array<double, kLanes> squares{};
    const auto take = [&](std::uint32_t i, std::uint32_t lane) {
      const double apart = value_at(i) - about;
      sums[lane] += apart;
      squares[lane] += apart * apart;
    };
    std::uint32_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
      for (std::uint32_t lane = 0; lane < kLanes; ++lane) take(i + lane, lane);
    }
    for (; i < count; ++i) take(i, 0);
    const double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    const double square = (squares[0] + squares[1]) + (squares[2] + squares[3]);
    meet(count, about + sum / count, square - sum * sum / count);
  }

  void merge(const Moments& other) {
    if (other.x_count > 0) meet(other.x_count, other.x_mean, other.x_square);
  }

  std::optional<double> mean() const { return x_count > 0 ? finite(x_mean) : std::nullopt; }
  /// Of a sample (n - 1), as SQL's stddev; nothing for fewer than two values.
  std::optional<double> deviation() const {
    if (x_count < 2 || !std::isfinite(x_square)) return std::nullopt;
    return finite(std::sqrt(std::max(0.0, x_square) / double(x_count - 1)));
  }

 private:
  static std::optional<double> finite(double value) {
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
  }

  void meet(std::uint64_t count, double mean, double square) {
    const double all = double(x_count + count);
    const double apart = mean - x_mean;
    x_mean = x_count == 0 ? mean : x_mean + apart * (double(count) / all);
    x_square += square + apart * apart * (double(x_count) * (double(count) / all));
    x_count += count;
  }

  std::uint64_t x_count = 0;
  double x_mean = 0;
  double x_square = 0;  ///< Of the distances from the mean.
};

}  // namespace leat::kernels
