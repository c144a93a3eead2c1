#include "run/measure.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/names.hpp"

namespace leat::run {
namespace {

using kernels::ColumnSummary;

constexpr double kStandardErrors = 6;
/// The sketch's error of the rank at 99 % confidence is 2.58 standard errors.
constexpr double kRankBand = kernels::Statistics::kQuantileRankError / 2.58 * kStandardErrors;
constexpr std::uint64_t kSketchedFrom = 1000;  ///< Below, the rows are asked for a quantile.
constexpr std::array<double, 7> kShares{0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

std::string text_of(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string literal(double value) {
  if (std::isinf(value)) return value < 0 ? "'-inf'::DOUBLE" : "'inf'::DOUBLE";
  return "CAST(" + text_of(value) + " AS DOUBLE)";
}

Measured exactly(std::string value) { return {value, value, ""}; }

const ColumnSummary* find(const kernels::Summary& statistics, const std::string& name) {
  for (const auto& column : statistics.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

Measured present_share(const kernels::Summary& statistics, const std::vector<std::string>& names) {
  std::uint64_t nulls = 0;
  for (const auto& name : names) {
    if (const auto* column = find(statistics, name)) nulls += column->nulls;
  }
  const auto cells = statistics.rows * names.size();
  return exactly(literal(cells == 0 ? 1 : double(cells - nulls) / double(cells)));
}

Measured null_share(const ColumnSummary& column, std::uint64_t rows) {
  return exactly(literal(rows == 0 ? 0 : double(column.nulls) / double(rows)));
}

Measured extreme(const std::optional<std::string>& text, const ColumnSummary& column) {
  if (!text) return exactly("NULL");
  return exactly("CAST(" + quote_literal(*text) + " AS " + column.type + ")");
}

Measured distinct(const ColumnSummary& column, std::uint64_t rows, bool share) {
  const auto values = rows - column.nulls;
  if (values == 0) return exactly(share ? "NULL" : "0");
  const double band = kStandardErrors * kernels::Statistics::kDistinctStandardError;
  const auto estimate = double(column.distinct);
  double low = std::max(1.0, std::floor(estimate * (1 - band)) - 3);
  double high = std::min(double(values), std::ceil(estimate * (1 + band)) + 3);
  if (!share) return {literal(low), literal(high), "≈ " + std::to_string(column.distinct)};
  return {literal(low / double(values)), literal(high / double(values)),
          "≈ " + text_of(estimate / double(values))};
}

double number(const std::optional<std::string>& text) {
  return text ? std::strtod(text->c_str(), nullptr) : std::nan("");
}

const kernels::Gauge* find_gauge(const DatasetReport& dataset, const std::string& name) {
  for (const auto& gauge : dataset.gauges) {
    if (gauge.column == name) return &gauge;
  }
  return nullptr;
}

/// As kernels::Fraction reads it.
Measured sum(const kernels::Gauge& gauge) {
  return exactly(gauge.values == 0 ? "NULL" : quote_literal(gauge.sum));
}

Measured mean(const kernels::Gauge& gauge) {
  if (gauge.values == 0) return exactly("NULL");
  return exactly(quote_literal(gauge.sum + "/" + std::to_string(gauge.values)));
}

/// In proportion between two values, or within the bounds that both the gauge and the sketch allow.
Measured gauged_quantile(const kernels::Gauge& gauge, double share,
                         const std::optional<Measured>& sketched) {
  const auto spot = kernels::quantile_spot(gauge, share);
  if (!spot) return exactly("NULL");
  if (spot->value) return exactly(quote_literal(spot->value->text()));
  const auto end = [](const std::optional<kernels::ExactDecimal>& number, double nothing) {
    return number ? quote_literal(number->text()) : literal(nothing);
  };
  Measured measured{end(spot->low, -HUGE_VAL), end(spot->high, HUGE_VAL), ""};
  if (sketched) measured.shown = sketched->shown;
  return measured;
}

/// Between the quantiles on either side that are farther from the rank than the sketch may err.
std::optional<Measured> quantile(const ColumnSummary& column, double share, std::uint64_t rows) {
  const double least = number(column.min);
  const double most = number(column.max);
  if (rows - column.nulls < kSketchedFrom || std::isnan(least) || std::isnan(most) ||
      column.quantiles.size() != kShares.size()) {
    return std::nullopt;  // NaN: the sketch left it out, a query would not.
  }
  double low = least;
  double high = most;
  for (std::size_t i = 0; i < kShares.size(); ++i) {
    if (kShares[i] <= share - kRankBand) low = column.quantiles[i];
    if (kShares[i] >= share + kRankBand) high = std::min(high, column.quantiles[i]);
  }
  const double inf = HUGE_VAL;
  return Measured{literal(std::nextafter(low, -inf)), literal(std::nextafter(high, inf)),
                  "between " + text_of(low) + " and " + text_of(high)};
}

}  // namespace

std::optional<Measured> measure(const SetTest& test, const DatasetReport& dataset) {
  if (!test.known.empty()) return exactly(test.known);
  if (test.measure == "row_count") {
    return exactly(std::to_string(dataset.outcome.counts.passed_on));
  }
  if (test.measure.empty() || !dataset.measured) return std::nullopt;
  const auto& statistics = dataset.statistics;
  const auto* gauge = test.is_gauged ? find_gauge(dataset, test.columns.front()) : nullptr;
  if (gauge != nullptr && test.measure == "sum") return sum(*gauge);
  if (gauge != nullptr && test.measure == "mean") return mean(*gauge);
  if (test.measure == "completeness") return present_share(statistics, test.columns);
  const auto* column = find(statistics, test.columns.front());
  if (column == nullptr) return std::nullopt;
  if (test.measure == "null_share") return null_share(*column, statistics.rows);
  if (test.measure == "min") return extreme(column->min, *column);
  if (test.measure == "max") return extreme(column->max, *column);
  if (test.measure == "distinct") return distinct(*column, statistics.rows, false);
  if (test.measure == "distinct_share") return distinct(*column, statistics.rows, true);
  if (gauge != nullptr && test.measure == "quantile") {
    return gauged_quantile(*gauge, test.share, quantile(*column, test.share, statistics.rows));
  }
  if (test.measure == "quantile") return quantile(*column, test.share, statistics.rows);
  return std::nullopt;
}

}  // namespace leat::run
