#pragma once

#include <span>
#include <string>
#include <vector>

#include "connectors/csv/guess_dialect.hpp"

namespace leat::connectors::csv {

/// How numbers and dates of these records are written, where the values leave no doubt: whole
/// columns of numbers with a comma before other than three digits, of days such as 31.01.2024 in
/// which one of the first two numbers is greater than 12.
///
/// Missing   records of too few fields, and empty fields, say nothing.
void guess_values(std::span<const std::vector<std::string>> records, DialectGuess& guess);

}  // namespace leat::connectors::csv
