#pragma once

#include "kernels/quantile_sketch.hpp"
#include "kernels/statistics.hpp"

namespace leat::kernels {

/// Fills in quantiles and histogram.
void describe_spread(const QuantileSketch& sketch, ColumnSummary& summary);

}  // namespace leat::kernels
