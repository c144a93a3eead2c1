#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/chunk_view.hpp"
#include "data/schema.hpp"

namespace leat::kernels {

/// How numbers spread, estimated: shares of the values that are neither null nor NaN.
struct Histogram {
  double from = 0;             ///< The value at 1 %.
  double to = 0;               ///< The value at 99 %.
  double below = 0;            ///< Share of values less than `from`.
  std::vector<double> shares;  ///< Of bins of one width from `from` to `to`; one when these agree.
  double above = 0;            ///< Share of values greater than `to`.
  double outside = 0;          ///< Share beyond three interquartile ranges from the quartiles.
};

/// A value that comes often.
struct TopValue {
  std::string value;  ///< Rendered as the engine prints the type; of a long text the beginning.
  double share = 0;   ///< Estimate, of the values that are not null; of up to 8,192 values exact.
};

/// What the pass learned about one column of a published dataset.
struct ColumnSummary {
  std::string name;
  std::string type;                ///< As the engine spells it.
  std::uint64_t nulls = 0;         ///< Exact.
  std::uint64_t distinct = 0;      ///< Estimate; standard error below.
  std::optional<std::string> min;  ///< Exact, rendered as the engine prints the type.
  std::optional<std::string> max;  ///< NaN is the greatest number.
  std::vector<double> quantiles;   ///< Estimates at 1, 5, 25, 50, 75, 95, 99 %, of numbers, dates
                                   ///< (days since 1970-01-01) and timestamps (microseconds since).
  std::optional<Histogram> histogram;  ///< Where there are finite quantiles.
  std::optional<double> mean;          ///< Of numbers that are finite, without NaN.
  std::optional<double> deviation;     ///< The standard deviation of a sample.
  std::vector<TopValue> top;           ///< Up to five, the most frequent first.
  /// Bounds of the quartiles, each six standard errors of the sketch away: below and above that at
  /// 25 %, below and above that at 75 %; empty as `quantiles`. Not in the JSON.
  std::vector<double> quartile_bounds;
};

struct Summary {
  std::uint64_t rows = 0;
  std::string checksum;  ///< 16 hex digits; equal for equal multisets of rows. Empty: no column.
  std::vector<ColumnSummary> columns;
};

/// Statistics of a dataset, gathered while it streams by.
///
/// Calls     `update` any number of times, `merge`, then `summary`.
/// Threads   one object a thread, merged at the end.
/// Promise   rows, nulls, min, max and checksum are exact; mean and deviation as exact as adding
///           doubles is; distinct counts (HyperLogLog), quantiles (KLL) and the shares of frequent
///           values (a sample) are estimates whose errors are the constants below. The result does
///           not depend on the order of rows or on how they were dealt to threads, but for
///           quantiles, moments and shares inside their errors.
class Statistics {
 public:
  static constexpr double kDistinctStandardError = 0.0163;  ///< 4,096 registers
  static constexpr double kQuantileRankError = 0.0133;      ///< of the rank, at 99 % confidence
  static constexpr double kShareStandardError = 0.004;      ///< at most, of a share

  explicit Statistics(const data::Schema& schema);
  ~Statistics();
  Statistics(Statistics&&) noexcept;
  Statistics& operator=(Statistics&&) noexcept;

  /// `rows` rows of all columns, in the order of the schema: the first ones, or, where
  /// `rows_selected` is not null, the ones whose numbers it lists. Of a column of type `other` only
  /// the nulls count, in the checksum too; its distinct count is 0.
  void update(std::span<const data::ColumnView> columns, std::uint32_t rows,
              const std::uint32_t* rows_selected);
  void merge(const Statistics& other);
  Summary summary() const;

 private:
  struct State;
  std::unique_ptr<State> x_state;
};

/// docs/formats/statistics.md
std::string to_json(const Summary& summary);
Result<Summary> summary_from_json(std::string_view text);

}  // namespace leat::kernels
