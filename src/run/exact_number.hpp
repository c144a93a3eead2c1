#pragma once

#include <optional>
#include <string>

#include "data/schema.hpp"

namespace leat::run {

/// A column of numbers as DOUBLE, in SQL.
struct ExactNumber {
  std::string sql;
  double offset = 0;  ///< What was taken off every value.
};

/// Whole numbers and decimals beyond 2^53 that lie near each other are told apart by their distance
/// from `min`, the least of them: a DOUBLE has no place for the numbers themselves. `min` and `max`
/// as the engine prints them; nothing: there are no values.
ExactNumber exact_number(const data::Column& column, const std::optional<std::string>& min,
                         const std::optional<std::string>& max);

/// May values be told apart only so?
bool may_be_beyond_double(const data::Type& type);

}  // namespace leat::run
