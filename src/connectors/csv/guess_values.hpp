#pragma once

#include <span>
#include <string>
#include <vector>

#include "connectors/csv/guess_dialect.hpp"

namespace leat::connectors::csv {

/// How numbers and dates of these records are written, where whole columns leave no doubt: 1,5 has
/// a decimal comma, 1,234 may have one; 31.01.2024 tells the day from the month, 01/02/2024 does
/// not.
///
/// Missing   records of too few fields, and empty fields, say nothing.
void guess_values(std::span<const std::vector<std::string>> records, DialectGuess& guess);

}  // namespace leat::connectors::csv
