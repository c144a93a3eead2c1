#include <limits>
#include <optional>

#include "base/names.hpp"
#include "kernels/bits.hpp"
#include "kernels/kernel_table.hpp"
#include "kernels/literal.hpp"

namespace leat::kernels {
namespace {

using data::Bound;
using data::KernelArgs;
using data::Type;
using data::TypeId;

/// The values that pass, both ends included. Kernel and SQL are made from the same interval, so a
/// bound between two values of the type ("0.5" for an integer) cannot part them.
template <typename T>
struct Interval {
  std::optional<T> low;  ///< Nothing: open.
  std::optional<T> high;
  bool empty = false;
};

bool is_instant(const Type& type) {
  return type.id == TypeId::date || type.id == TypeId::timestamp || type.id == TypeId::timestamp_tz;
}

bool has_range(const Type& type) { return type.is_numeric() || is_instant(type); }

Error bad_bound(const Bound& bound, const Type& type) {
  auto error = Error(Fault::config,
                     "`" + bound.text + "` is no bound for a column of type " + data::sql_of(type));
  if (type.is_numeric()) return std::move(error).hint("write a number");
  return std::move(error).hint(type.id == TypeId::date ? "write a date as 2024-01-31"
                                                       : "write a time as 2024-01-31 10:00:00");
}

/// The bound in units of the carrier. A minimum is rounded up, a maximum down; one that was
/// rounded is no longer exclusive.
std::optional<Whole> whole_bound(const Bound& bound, const Type& type, Rounding rounding) {
  if (is_instant(type)) return exact_whole(bound.text, type);
  return parse_whole(bound.text, type.id == TypeId::decimal ? type.scale : 0, rounding);
}

template <typename T>
Status set_low(const Bound& bound, const Type& type, Interval<T>& out) {
  const auto whole = whole_bound(bound, type, Rounding::up);
  if (!whole) return bad_bound(bound, type);
  const auto value = narrow<T>(*whole);
  if (!value) {
    out.empty = out.empty || !whole->negative;
  } else if (bound.exclusive && whole->exact && *value == highest<T>()) {
    out.empty = true;
  } else {
    out.low = bound.exclusive && whole->exact ? T(*value + 1) : *value;
  }
  return {};
}

template <typename T>
Status set_high(const Bound& bound, const Type& type, Interval<T>& out) {
  const auto whole = whole_bound(bound, type, Rounding::down);
  if (!whole) return bad_bound(bound, type);
  const auto value = narrow<T>(*whole);
  if (!value) {
    out.empty = out.empty || whole->negative;
  } else if (bound.exclusive && whole->exact && *value == lowest<T>()) {
    out.empty = true;
  } else {
    out.high = bound.exclusive && whole->exact ? T(*value - 1) : *value;
  }
  return {};
}

template <typename T>
Result<Interval<T>> interval_of(const Type& type, const KernelArgs& args) {
  Interval<T> out;
  if (args.min) TRY(set_low(*args.min, type, out));
  if (args.max) TRY(set_high(*args.max, type, out));
  if (out.low && out.high && *out.low > *out.high) out.empty = true;
  return out;
}

/// Floats are compared as the column's own type: 0.1 in a FLOAT column is not above 0.1.
template <typename T>
struct FloatInterval {
  std::optional<T> low;
  std::optional<T> high;
  bool low_exclusive = false;
  bool high_exclusive = false;
};

template <typename T>
Result<FloatInterval<T>> float_interval(const Type& type, const KernelArgs& args) {
  FloatInterval<T> out;
  if (args.min) {
    out.low = parse_floating<T>(args.min->text);
    out.low_exclusive = args.min->exclusive;
    if (!out.low) return bad_bound(*args.min, type);
  }
  if (args.max) {
    out.high = parse_floating<T>(args.max->text);
    out.high_exclusive = args.max->exclusive;
    if (!out.high) return bad_bound(*args.max, type);
  }
  return out;
}

template <typename T>
class IntegerRange final : public RowKernel {
 public:
  explicit IntegerRange(const Interval<T>& interval)
      : x_low(interval.low.value_or(lowest<T>())), x_high(interval.high.value_or(highest<T>())) {
    if (interval.empty) {
      x_low = highest<T>();
      x_high = lowest<T>();
    }
  }

  void judge(const data::ColumnView& column, std::uint32_t rows,
             std::uint64_t* fails) const override {
    const auto* values = column.values;
    judge_rows(rows, column.validity, fails, [=, low = x_low, high = x_high](std::uint32_t row) {
      const T value = value_at<T>(values, row);
      return std::uint8_t(value < low) | std::uint8_t(value > high);
    });
  }

 private:
  T x_low;
  T x_high;
};

/// NaN is greater than everything, as the engine compares.
template <typename T>
class FloatRange final : public RowKernel {
 public:
  explicit FloatRange(const FloatInterval<T>& interval) : x_interval(interval) {}

  void judge(const data::ColumnView& column, std::uint32_t rows,
             std::uint64_t* fails) const override {
    const T* values = column.as<T>();
    const bool has_low = x_interval.low.has_value();
    const bool has_high = x_interval.high.has_value();
    const bool low_closed = !x_interval.low_exclusive;
    const bool high_closed = !x_interval.high_exclusive;
    const T low = x_interval.low.value_or(T(0));
    const T high = x_interval.high.value_or(T(0));
    judge_rows(rows, column.validity, fails, [=](std::uint32_t row) {
      const T value = values[row];
      const bool below = has_low & ((value < low) | (!low_closed & (value == low)));
      const bool inside = (value < high) | (high_closed & (value == high));
      return std::uint8_t(below | (has_high & !inside));
    });
  }

 private:
  FloatInterval<T> x_interval;
};

template <typename T>
KernelResult make_float_range(const Type& type, const KernelArgs& args) {
  TRY(const auto interval, float_interval<T>(type, args));
  return std::unique_ptr<RowKernel>(std::make_unique<FloatRange<T>>(interval));
}

std::string join_tests(const std::string& low, const std::string& high) {
  if (low.empty() && high.empty()) return "true";
  return low + (low.empty() || high.empty() ? "" : " AND ") + high;
}

/// A carrier's value in the column's own type.
template <typename T>
Result<std::string> carrier_literal(T value, const Type& type) {
  Whole whole;
  whole.negative = value < T(0);
  whole.magnitude = whole.negative ? UInt128(0) - UInt128(value) : UInt128(value);
  return sql_literal(whole_text(whole, type.id == TypeId::decimal ? type.scale : 0), type);
}

/// An end that the type's own values cannot pass needs no test; one they cannot reach empties it.
template <typename T>
Result<std::string> integer_sql(const data::Column& column, const KernelArgs& args) {
  TRY(auto interval, interval_of<T>(column.type, args));
  const auto name = quote_identifier(column.name);
  std::string low;
  std::string high;
  if (interval.low) {
    const auto literal = carrier_literal(*interval.low, column.type);
    if (literal.ok()) low = name + " >= " + literal.value();
    if (!literal.ok() && *interval.low > T(0)) interval.empty = true;
  }
  if (interval.high) {
    const auto literal = carrier_literal(*interval.high, column.type);
    if (literal.ok()) high = name + " <= " + literal.value();
    if (!literal.ok() && *interval.high < T(0)) interval.empty = true;
  }
  return interval.empty ? name + " IS NULL" : join_tests(low, high);
}

/// For types whose bounds are compared as they are written.
Result<std::string> plain_sql(const data::Column& column, const KernelArgs& args) {
  const auto name = quote_identifier(column.name);
  std::string low;
  std::string high;
  if (args.min) {
    const auto literal = sql_literal(args.min->text, column.type);
    if (!literal.ok()) return bad_bound(*args.min, column.type);
    low = name + (args.min->exclusive ? " > " : " >= ") + *literal;
  }
  if (args.max) {
    const auto literal = sql_literal(args.max->text, column.type);
    if (!literal.ok()) return bad_bound(*args.max, column.type);
    high = name + (args.max->exclusive ? " < " : " <= ") + *literal;
  }
  return join_tests(low, high);
}

/// NaN is no number above zero: `infinity` is the greatest value that passes.
template <typename T>
KernelResult make_float_sign(bool positive) {
  FloatInterval<T> interval;
  interval.low = T(0);
  interval.low_exclusive = positive;
  interval.high = std::numeric_limits<T>::infinity();
  return std::unique_ptr<RowKernel>(std::make_unique<FloatRange<T>>(interval));
}

KernelResult make_sign(const Type& type, bool positive) {
  if (!type.is_numeric()) return std::unique_ptr<RowKernel>();
  if (type.id == TypeId::float32) return make_float_sign<float>(positive);
  if (type.id == TypeId::float64) return make_float_sign<double>(positive);
  KernelArgs args;
  args.min = Bound{"0", positive};
  return make_range(type, args);
}

Result<std::string> sign_sql(const char* kernel, const data::Column& column, bool positive) {
  if (!column.type.is_numeric()) return wrong_type(kernel, "numbers", column);
  const auto name = quote_identifier(column.name);
  const auto sql = name + (positive ? " > 0" : " >= 0");
  return column.type.is_floating() ? sql + " AND NOT isnan(" + name + ")" : sql;
}

}  // namespace

KernelResult make_range(const Type& type, const KernelArgs& args) {
  if (!has_range(type)) return std::unique_ptr<RowKernel>();
  if (type.id == TypeId::float32) return make_float_range<float>(type, args);
  if (type.id == TypeId::float64) return make_float_range<double>(type, args);
  KernelResult made = std::unique_ptr<RowKernel>();
  with_integer(physical_of(type), [&](auto zero) {
    using T = decltype(zero);
    const auto interval = interval_of<T>(type, args);
    if (interval.ok()) {
      made = std::unique_ptr<RowKernel>(std::make_unique<IntegerRange<T>>(*interval));
    } else {
      made = interval.error();
    }
  });
  return made;
}

Result<std::string> range_sql(const data::Column& column, const KernelArgs& args) {
  const auto& type = column.type;
  if (!has_range(type)) return wrong_type("range", "numbers, dates and timestamps", column);
  if (type.is_floating() || is_instant(type)) return plain_sql(column, args);
  Result<std::string> sql = std::string();
  with_integer(physical_of(type),
               [&](auto zero) { sql = integer_sql<decltype(zero)>(column, args); });
  return sql;
}

KernelResult make_positive(const Type& type, const KernelArgs&) { return make_sign(type, true); }

KernelResult make_non_negative(const Type& type, const KernelArgs&) {
  return make_sign(type, false);
}

Result<std::string> positive_sql(const data::Column& column, const KernelArgs&) {
  return sign_sql("positive", column, true);
}

Result<std::string> non_negative_sql(const data::Column& column, const KernelArgs&) {
  return sign_sql("non_negative", column, false);
}

}  // namespace leat::kernels
