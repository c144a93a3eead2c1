#include "kernels/column_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/hash.hpp"
#include "kernels/histogram.hpp"
#include "kernels/moments.hpp"
#include "kernels/quantile_sketch.hpp"
#include "kernels/render.hpp"
#include "kernels/text_tracker.hpp"

namespace leat::kernels {
namespace {

using data::Type;
using data::TypeId;

bool has_quantiles(const Type& type) {
  return type.is_numeric() || type.id == TypeId::date || type.id == TypeId::timestamp ||
         type.id == TypeId::timestamp_tz;
}

void describe_moments(const Moments& moments, double unit, ColumnSummary& summary) {
  if (const auto mean = moments.mean()) summary.mean = *mean / unit;
  if (const auto deviation = moments.deviation()) summary.deviation = *deviation / unit;
}

/// Values that lie in their vector side by side, whole.
template <typename T>
class PlainTracker : public ColumnTracker {
 public:
  TopValues::Value keep(const void* values, std::uint32_t index) const final {
    TopValues::Value value;
    std::memcpy(value.bytes.data(), static_cast<const char*>(values) + index * sizeof(T),
                sizeof(T));
    return value;
  }

 protected:
  static T value_of(const TopValues::Value& value) { return value_at<T>(value.bytes.data(), 0); }
};

template <typename T>
class IntegerTracker final : public PlainTracker<T> {
 public:
  IntegerTracker(const Type& type, std::uint64_t seed)
      : x_type(type),
        x_seed(seed),
        x_has_quantiles(has_quantiles(type)),
        x_quantiles(seed),
        x_unit(std::pow(10.0, type.id == TypeId::decimal ? type.scale : 0)) {}

  void measure(const void* values, std::uint32_t count, std::uint64_t* hashes) override {
    for (std::uint32_t i = 0; i < count; ++i) {
      hashes[i] = hash_of(value_at<T>(values, i), x_seed);
    }
    T least = value_at<T>(values, 0);
    T most = least;
    for (std::uint32_t i = 1; i < count; ++i) {
      const T value = value_at<T>(values, i);
      least = value < least ? value : least;
      most = value > most ? value : most;
    }
    take(least, most);
    if (!x_has_quantiles) return;
    const auto raw = [&](std::uint32_t i) { return double(value_at<T>(values, i)); };
    x_quantiles.add(count, [&](std::uint32_t i) { return raw(i) / x_unit; });
    if (x_type.is_numeric()) x_moments.add(count, raw);
  }

  void merge(const ColumnTracker& other) override {
    const auto& theirs = static_cast<const IntegerTracker&>(other);
    if (!theirs.x_any) return;
    take(theirs.x_min, theirs.x_max);
    x_quantiles.merge(theirs.x_quantiles);
    x_moments.merge(theirs.x_moments);
  }

  void describe(ColumnSummary& summary) const override {
    if (!x_any) return;
    summary.min = render_integer(UInt128(x_min), x_type);
    summary.max = render_integer(UInt128(x_max), x_type);
    describe_spread(x_quantiles, summary);
    describe_moments(x_moments, x_unit, summary);
  }

  std::string render(const TopValues::Value& value) const override {
    return render_integer(UInt128(this->value_of(value)), x_type);
  }

 private:
  void take(T least, T most) {
    x_min = x_any ? std::min(x_min, least) : least;
    x_max = x_any ? std::max(x_max, most) : most;
    x_any = true;
  }

  Type x_type;
  std::uint64_t x_seed;
  bool x_has_quantiles;
  QuantileSketch x_quantiles;
  Moments x_moments;  ///< Of decimals without their point.
  double x_unit;
  bool x_any = false;
  T x_min{};
  T x_max{};
};

/// NaN is greater than everything, as the engine compares; quantiles leave it out.
template <typename T>
class FloatTracker final : public PlainTracker<T> {
 public:
  FloatTracker(const Type& type, std::uint64_t seed)
      : x_type(type), x_seed(seed), x_quantiles(seed) {}

  void measure(const void* values, std::uint32_t count, std::uint64_t* hashes) override {
    const T* const numbers = static_cast<const T*>(values);
    T least = std::numeric_limits<T>::infinity();
    T most = -least;
    std::uint32_t nans = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const T value = numbers[i];
      hashes[i] = hash_of(value, x_seed);
      least = value < least ? value : least;
      most = value > most ? value : most;
      nans += value != value;
    }
    x_nans = x_nans || nans > 0;
    if (nans == count) return;
    take(canonical(double(least)), canonical(double(most)));
    if (nans == 0) {
      const auto number = [&](std::uint32_t i) { return double(numbers[i]); };
      x_quantiles.add(count, number);
      x_moments.add(count, number);
      return;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (numbers[i] != numbers[i]) continue;
      const auto number = [&](std::uint32_t) { return double(numbers[i]); };
      x_quantiles.add(1, number);
      x_moments.add(1, number);
    }
  }

  void merge(const ColumnTracker& other) override {
    const auto& theirs = static_cast<const FloatTracker&>(other);
    x_nans = x_nans || theirs.x_nans;
    if (!theirs.x_any) return;
    take(theirs.x_min, theirs.x_max);
    x_quantiles.merge(theirs.x_quantiles);
    x_moments.merge(theirs.x_moments);
  }

  void describe(ColumnSummary& summary) const override {
    if (!x_any && !x_nans) return;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    summary.min = render_floating(x_any ? x_min : nan, x_type);
    summary.max = render_floating(x_nans ? nan : x_max, x_type);
    describe_spread(x_quantiles, summary);
    describe_moments(x_moments, 1, summary);
  }

  std::string render(const TopValues::Value& value) const override {
    return render_floating(canonical(double(this->value_of(value))), x_type);
  }

 private:
  void take(double least, double most) {
    x_min = x_any ? std::min(x_min, least) : least;
    x_max = x_any ? std::max(x_max, most) : most;
    x_any = true;
  }

  Type x_type;
  std::uint64_t x_seed;
  QuantileSketch x_quantiles;
  Moments x_moments;
  bool x_any = false;  ///< A value that is a number was seen.
  bool x_nans = false;
  double x_min = 0;
  double x_max = 0;
};

class IntervalTracker final : public PlainTracker<duckdb_interval> {
 public:
  explicit IntervalTracker(std::uint64_t seed) : x_seed(seed) {}

  void measure(const void* values, std::uint32_t count, std::uint64_t* hashes) override {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto value = value_at<duckdb_interval>(values, i);
      hashes[i] = hash_of(value, x_seed);
      take(value, value);
    }
  }

  void merge(const ColumnTracker& other) override {
    const auto& theirs = static_cast<const IntervalTracker&>(other);
    if (theirs.x_any) take(theirs.x_min, theirs.x_max);
  }

  void describe(ColumnSummary& summary) const override {
    if (!x_any) return;
    summary.min = render_interval(x_min);
    summary.max = render_interval(x_max);
  }

  std::string render(const TopValues::Value& value) const override {
    return render_interval(value_of(value));
  }

 private:
  void take(duckdb_interval least, duckdb_interval most) {
    if (!x_any || normal(least) < normal(x_min)) x_min = least;
    if (!x_any || normal(most) > normal(x_max)) x_max = most;
    x_any = true;
  }

  std::uint64_t x_seed;
  bool x_any = false;
  duckdb_interval x_min{};
  duckdb_interval x_max{};
};

}  // namespace

std::unique_ptr<ColumnTracker> make_tracker(const Type& type, std::uint64_t seed) {
  switch (type.id) {
    case TypeId::other: return nullptr;
    case TypeId::interval: return std::make_unique<IntervalTracker>(seed);
    case TypeId::float32: return std::make_unique<FloatTracker<float>>(type, seed);
    case TypeId::float64: return std::make_unique<FloatTracker<double>>(type, seed);
    case TypeId::varchar:
    case TypeId::json: return std::make_unique<TextTracker>(seed, false);
    case TypeId::blob: return std::make_unique<TextTracker>(seed, true);
    default: break;
  }
  std::unique_ptr<ColumnTracker> tracker;
  with_integer(physical_of(type), [&](auto zero) {
    tracker = std::make_unique<IntegerTracker<decltype(zero)>>(type, seed);
  });
  return tracker;
}

std::uint32_t value_width(const Type& type) {
  if (type.id == TypeId::float32) return 4;
  if (type.id == TypeId::float64) return 8;
  std::uint32_t width = 16;  // Texts and intervals.
  with_integer(physical_of(type), [&](auto zero) { width = sizeof(zero); });
  return width;
}

}  // namespace leat::kernels
