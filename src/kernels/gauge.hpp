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

/// Parts the values of a column in two: those below `at`, and those that are not. `at` itself is
/// low where `takes_at` says so.
struct Split {
  double at = 0;
  bool takes_at = false;
};

/// What a set check asks of one column while its rows stream by.
struct GaugeWish {
  std::string column;
  std::vector<Split> splits;
};

/// On both sides of a split: as many values, and those that are next to it, as doubles.
struct Sides {
  std::uint64_t low = 0;
  double greatest_low = 0;  ///< Where there is a low one.
  double least_high = 0;    ///< Where there is a high one.
};

/// What a gauge read. Exact.
struct Gauge {
  std::string column;
  std::uint64_t values = 0;       ///< That are not null.
  std::string sum;                ///< "-12.50"
  std::optional<unsigned> scale;  ///< Of a decimal: digits behind the point.
  std::vector<std::pair<Split, Sides>> splits;
  std::vector<double> few;  ///< All values in order, where there are few.
};

/// Can values of this type be gauged? Whole numbers and decimals of up to 64 bits can.
bool has_gauge(const data::Type& type);
/// Is each of them a double as the engine casts it?
bool splits_exactly(const data::Type& type);

/// Where a quantile lies.
struct QuantileSpot {
  double low = 0;
  double high = 0;
  /// In this proportion from `low` to `high`; nothing: somewhere between them, ends included.
  std::optional<double> part;
};

/// The quantile of share `share` as quantile_cont has it: between two values in proportion.
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
