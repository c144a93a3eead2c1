#pragma once

#include "connectors/csv/dialect_fit.hpp"
#include "connectors/csv/guess_dialect.hpp"

namespace leat::connectors::csv {

/// How many records above the values are names and labels, and why.
void guess_header(const Fit& fit, DialectGuess& guess);

}  // namespace leat::connectors::csv
