#pragma once

#include "kernels/quantile_sketch.hpp"
#include "kernels/statistics.hpp"

namespace leat::kernels {

/// Fills in quantiles, the bounds of the quartiles, and the histogram.
void describe_spread(const QuantileSketch& sketch, ColumnSummary& summary);

}  // namespace leat::kernels
