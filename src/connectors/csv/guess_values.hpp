#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/csv/guess_dialect.hpp"

namespace leat::connectors::csv {

/// Is it one of the texts by which publishers say that a number is missing: -, (X), NA?
bool is_missing_mark(std::string_view text);

/// How numbers and dates of these records are written, where whole columns leave no doubt: 1,5 has
/// a decimal comma, 1,234 may have one. Dates are those of their column alone (`ColumnMoments`).
/// Among numbers, marks of missing ones are nulls: of all columns where several columns of numbers
/// have them and none of texts, else of those alone that have them. `names` are the columns'.
///
/// Missing   records of too few fields, and empty fields, say nothing.
void guess_values(std::span<const std::vector<std::string>> records,
                  const std::vector<std::string>& names, DialectGuess& guess);

}  // namespace leat::connectors::csv
