#include "kernels/gauge.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/assert.hpp"
#include "kernels/literal.hpp"
#include "kernels/wide.hpp"

namespace leat::kernels {
namespace {

constexpr std::uint32_t kGaugedRows = 2048;
constexpr std::size_t kKeptFew = 4096;
constexpr unsigned kExactDigits = 15;  ///< A decimal of so many is below 2^53 without its point.

std::string sum_text(Int128 value, unsigned scale) {
  Whole whole;
  whole.negative = value < 0;
  whole.magnitude = whole.negative ? UInt128(0) - UInt128(value) : UInt128(value);
  return whole_text(whole, scale);
}

/// One split, as whole numbers: what is less than `first_high` is low.
template <typename T>
struct WholeSplit {
  Split split;
  std::optional<T> first_high;  ///< Nothing: all are low.
  std::uint64_t low = 0;
  T greatest_low = lowest<T>();
  T least_high = highest<T>();
};

template <typename T>
class WholeGauge final : public ColumnGauge {
 public:
  WholeGauge(const GaugeWish& wish, const data::Type& type) : x_column(wish.column) {
    if (type.id == data::TypeId::decimal) x_scale = type.scale;
    x_unit = std::pow(10.0, x_scale.value_or(0));
    for (const auto& split : wish.splits) x_splits.push_back({split, first_high(split)});
  }

  void update(const data::ColumnView& column, std::uint32_t rows,
              const std::uint32_t* rows_selected) override {
    std::array<T, kGaugedRows> present;
    for (std::uint32_t first = 0; first < rows; first += kGaugedRows) {
      const auto count = std::min(kGaugedRows, rows - first);
      if (rows_selected == nullptr && column.validity == nullptr) {
        take(column.as<T>() + first, count);
        continue;
      }
      std::uint32_t kept = 0;
      for (std::uint32_t i = 0; i < count; ++i) {
        const auto row = rows_selected ? rows_selected[first + i] : first + i;
        present[kept] = column.as<T>()[row];
        kept += column.is_valid(row);
      }
      take(present.data(), kept);
    }
  }

  void merge(const ColumnGauge& other) override {
    const auto& theirs = static_cast<const WholeGauge&>(other);
    x_values += theirs.x_values;
    x_sum += theirs.x_sum;
    if (x_values <= kKeptFew) x_few.insert(x_few.end(), theirs.x_few.begin(), theirs.x_few.end());
    for (std::size_t i = 0; i < x_splits.size(); ++i) {
      auto& ours = x_splits[i];
      ours.low += theirs.x_splits[i].low;
      ours.greatest_low = std::max(ours.greatest_low, theirs.x_splits[i].greatest_low);
      ours.least_high = std::min(ours.least_high, theirs.x_splits[i].least_high);
    }
  }

  Gauge read() const override {
    Gauge gauge;
    gauge.column = x_column;
    gauge.values = x_values;
    gauge.sum = sum_text(x_sum, x_scale.value_or(0));
    gauge.scale = x_scale;
    for (const auto& split : x_splits) {
      gauge.splits.emplace_back(split.split, Sides{split.low, as_double(split.greatest_low),
                                                   as_double(split.least_high)});
    }
    if (x_values > kKeptFew) return gauge;
    for (const T value : x_few) gauge.few.push_back(as_double(value));
    std::sort(gauge.few.begin(), gauge.few.end());
    return gauge;
  }

 private:
  double as_double(T value) const { return double(value) / x_unit; }

  bool is_low(T value, const Split& split) const {
    const auto number = as_double(value);
    return split.takes_at ? number <= split.at : number < split.at;
  }

  /// Doubles keep the order of whole numbers, so the values part at one of them.
  std::optional<T> first_high(const Split& split) const {
    if (is_low(highest<T>(), split)) return std::nullopt;
    Int128 low = Int128(lowest<T>()) - 1;
    Int128 high = Int128(highest<T>());
    while (high - low > 1) {
      const Int128 middle = low + (high - low) / 2;
      (is_low(T(middle), split) ? low : high) = middle;
    }
    return T(high);
  }

  void take(const T* values, std::uint32_t count) {
    x_values += count;
    if (x_values <= kKeptFew) x_few.insert(x_few.end(), values, values + count);
    // Halves of 32 bits, of which so many add up in 64.
    std::int64_t high = 0;
    std::uint64_t low = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      if constexpr (sizeof(T) < 8) {
        high += std::int64_t(values[i]);
      } else {
        high += std::int64_t(values[i] >> 32);
        low += std::uint32_t(values[i]);
      }
    }
    x_sum += sizeof(T) < 8 ? Int128(high) : Int128(high) * (Int128(1) << 32) + Int128(low);
    for (auto& split : x_splits) part(values, count, split);
  }

  static void part(const T* values, std::uint32_t count, WholeSplit<T>& split) {
    if (!split.first_high) {
      split.low += count;
      for (std::uint32_t i = 0; i < count; ++i)
        split.greatest_low = std::max(split.greatest_low, values[i]);
      return;
    }
    const T first_high = *split.first_high;
    T greatest = split.greatest_low;
    T least = split.least_high;
    std::uint32_t low = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const T value = values[i];
      const bool is_low = value < first_high;
      low += is_low;
      const T as_low = is_low ? value : lowest<T>();
      const T as_high = is_low ? highest<T>() : value;
      greatest = greatest < as_low ? as_low : greatest;
      least = as_high < least ? as_high : least;
    }
    split.low += low;
    split.greatest_low = greatest;
    split.least_high = least;
  }

  std::string x_column;
  std::optional<unsigned> x_scale;
  double x_unit = 1;
  std::uint64_t x_values = 0;
  Int128 x_sum = 0;
  std::vector<WholeSplit<T>> x_splits;
  std::vector<T> x_few;
};

}  // namespace

bool has_gauge(const data::Type& type) {
  if (type.id == data::TypeId::decimal) return type.width <= 18;
  return type.is_whole() && type.id != data::TypeId::int128 && type.id != data::TypeId::uint128;
}

bool splits_exactly(const data::Type& type) {
  return has_gauge(type) && (type.id != data::TypeId::decimal || type.width <= kExactDigits);
}

std::optional<QuantileSpot> quantile_spot(const Gauge& gauge, double share) {
  if (gauge.values == 0) return std::nullopt;
  const double rank = double(gauge.values - 1) * share;
  const auto lower = std::uint64_t(std::floor(rank));
  const auto upper = std::uint64_t(std::ceil(rank));
  const double part = rank - std::floor(rank);
  if (!gauge.few.empty()) return QuantileSpot{gauge.few[lower], gauge.few[upper], part};
  QuantileSpot spot{-HUGE_VAL, HUGE_VAL, std::nullopt};
  for (const auto& [split, sides] : gauge.splits) {
    if (upper < sides.low) {
      spot.high = std::min(spot.high, sides.greatest_low);
    } else if (lower >= sides.low) {
      spot.low = std::max(spot.low, sides.least_high);
    } else {
      return QuantileSpot{sides.greatest_low, sides.least_high, part};
    }
  }
  return spot;
}

std::unique_ptr<ColumnGauge> make_gauge(const GaugeWish& wish, const data::Type& type) {
  LEAT_ASSERT(has_gauge(type));
  std::unique_ptr<ColumnGauge> made;
  with_integer(physical_of(type), [&](auto zero) {
    using T = decltype(zero);
    if constexpr (sizeof(T) <= 8) made = std::make_unique<WholeGauge<T>>(wish, type);
  });
  return made;
}

}  // namespace leat::kernels
