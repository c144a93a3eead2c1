#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/chunk_view.hpp"
#include "data/schema.hpp"

namespace leat::kernels {

/// Parts the values of a column in two: those below `at`, a plain decimal number, and those that
/// are not. `at` itself is low where `takes_at` says so.
struct Split {
  std::string at;
  bool takes_at = false;
};

/// What a set check asks of one column while its rows stream by.
struct GaugeWish {
  std::string column;
  std::vector<Split> splits;
};

/// A number whose digits all count: `digits` with the point `scale` places from their end.
__extension__ using WholeDigits = __int128;
struct ExactDecimal {
  WholeDigits digits = 0;
  unsigned scale = 0;
  /// "-12.5"; zeros behind the point that say nothing are left out.
  std::string text() const;
};

/// On both sides of a split: as many values, and those that are next to it, as the whole numbers
/// that carry them.
struct Sides {
  std::uint64_t low = 0;
  WholeDigits greatest_low = 0;  ///< Where there is a low one.
  WholeDigits least_high = 0;    ///< Where there is a high one.
};

/// What a gauge read. Exact.
struct Gauge {
  std::string column;
  std::uint64_t values = 0;       ///< That are not null.
  std::string sum;                ///< "-12.50"
  std::optional<unsigned> scale;  ///< Of a decimal: digits behind the point.
  std::vector<std::pair<Split, Sides>> splits;
  std::vector<WholeDigits> few;  ///< All values in order, where there are few.
};

/// Can values of this type be gauged? Whole numbers and decimals of up to 64 bits can.
bool has_gauge(const data::Type& type);
/// Where a quantile lies, exactly.
struct QuantileSpot {
  std::optional<ExactDecimal> value;  ///< It itself. Nothing: somewhere between,
  std::optional<ExactDecimal> low;    ///< ends included; nothing: that way lies no split.
  std::optional<ExactDecimal> high;
};

/// The quantile of share `share` (of fifteen digits at most): between two values in proportion.
/// Nothing: of no values there is none.
std::optional<QuantileSpot> quantile_spot(const Gauge& gauge, double share);

/// Adds up and parts the values of one column.
///
/// Calls     `update` any number of times, `merge`, then `read`.
/// Threads   one object a thread, merged at the end.
/// Promise   exact, whatever the order of rows.
class ColumnGauge {
 public:
  virtual ~ColumnGauge() = default;
  /// As Statistics::update, of one column.
  virtual void update(const data::ColumnView& column, std::uint32_t rows,
                      const std::uint32_t* rows_selected) = 0;
  virtual void merge(const ColumnGauge& other) = 0;
  virtual Gauge read() const = 0;
};

/// Of a type that has_gauge.
std::unique_ptr<ColumnGauge> make_gauge(const GaugeWish& wish, const data::Type& type);

}  // namespace leat::kernels
