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
constexpr unsigned kShareDigits = 15;

UInt128 size_of(Int128 value) { return value < 0 ? UInt128(0) - UInt128(value) : UInt128(value); }

std::string sum_text(Int128 value, unsigned scale) {
  Whole whole;
  whole.negative = value < 0;
  whole.magnitude = size_of(value);
  return whole_text(whole, scale);
}

/// A share as digits of a whole: 0.25 is 25 of 100.
std::pair<Int128, unsigned> digits_of(double share) {
  for (unsigned scale = 0; scale < kShareDigits; ++scale) {
    const auto digits = std::llround(share * std::pow(10.0, scale));
    if (double(digits) / std::pow(10.0, scale) == share) return {digits, scale};
  }
  return {std::llround(share * std::pow(10.0, kShareDigits)), kShareDigits};
}

Int128 power_of_ten(unsigned digits) {
  Int128 power = 1;
  for (unsigned i = 0; i < digits; ++i) power *= 10;
  return power;
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
      gauge.splits.emplace_back(
          split.split, Sides{split.low, Int128(split.greatest_low), Int128(split.least_high)});
    }
    if (x_values > kKeptFew) return gauge;
    gauge.few.assign(x_few.begin(), x_few.end());
    std::sort(gauge.few.begin(), gauge.few.end());
    return gauge;
  }

 private:
  /// The first whole number that is not low.
  std::optional<T> first_high(const Split& split) const {
    const auto rounding = split.takes_at ? Rounding::down : Rounding::up;
    const auto at = parse_whole(split.at, x_scale.value_or(0), rounding);
    LEAT_ASSERT(at.has_value());
    if (at->too_large) return at->negative ? std::optional(lowest<T>()) : std::nullopt;
    Int128 first = at->negative ? -Int128(at->magnitude) : Int128(at->magnitude);
    if (split.takes_at) ++first;
    if (first > Int128(highest<T>())) return std::nullopt;
    return first < Int128(lowest<T>()) ? lowest<T>() : T(first);
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

std::string ExactDecimal::text() const {
  auto text = sum_text(digits, scale);
  if (text.find('.') == std::string::npos) return text;
  text.resize(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::optional<QuantileSpot> quantile_spot(const Gauge& gauge, double share) {
  if (gauge.values == 0) return std::nullopt;
  const auto scale = gauge.scale.value_or(0);
  const auto [digits, behind] = digits_of(share);
  const auto whole = power_of_ten(behind);
  const auto rank = Int128(gauge.values - 1) * digits;
  const auto lower = std::uint64_t(rank / whole);
  const auto upper = std::uint64_t((rank + whole - 1) / whole);
  const auto between = [&](WholeDigits low, WholeDigits high) {
    return QuantileSpot{ExactDecimal{low * whole + (high - low) * (rank % whole), scale + behind},
                        std::nullopt, std::nullopt};
  };
  if (!gauge.few.empty()) return between(gauge.few[lower], gauge.few[upper]);
  QuantileSpot spot;
  for (const auto& [split, sides] : gauge.splits) {
    if (upper < sides.low) {
      const bool is_nearer = !spot.high || sides.greatest_low < spot.high->digits;
      if (is_nearer) spot.high = {sides.greatest_low, scale};
    } else if (lower >= sides.low) {
      const bool is_nearer = !spot.low || sides.least_high > spot.low->digits;
      if (is_nearer) spot.low = {sides.least_high, scale};
    } else {
      return between(sides.greatest_low, sides.least_high);
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
