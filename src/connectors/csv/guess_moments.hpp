#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace leat::connectors::csv {

/// strftime patterns; empty: ISO, or not known.
struct MomentPatterns {
  std::string date;
  std::string timestamp;
};

/// How dates and timestamps of these records are written, where whole columns leave no doubt:
/// 31.01.2024 tells the day from the month, 31-Jan-24 and 1/31/24 the year as well; 01/02/2024 does
/// not. One pattern is for all columns, so there is none where one of them is in ISO.
///
/// Missing   records of too few fields, empty fields and marks of missing values say nothing.
MomentPatterns guess_moments(std::span<const std::vector<std::string>> records,
                             std::size_t columns);

}  // namespace leat::connectors::csv
