#pragma once

#include <string>

#include "data/type.hpp"

namespace leat::checks::sets {

/// Of whole numbers and decimals with all digits, also where no type of the engine has room for
/// them: each a SELECT of one `value` as kernels::Fraction reads it, null of no values. `column` is
/// an SQL name.

std::string exact_sum_sql(const std::string& column, const data::Type& type,
                          const std::string& rows);

std::string exact_mean_sql(const std::string& column, const data::Type& type,
                           const std::string& rows);

/// Digits behind the point that the share of a quantile may have.
constexpr int kShareDigitsMax = 15;
/// "0.25" of a quarter.
std::string share_text(double share);

/// Of a share between 0 and 1, in proportion between the two values beside it.
std::string exact_quantile_sql(const std::string& column, double share, const std::string& rows);

/// An expression: with compensation, where all are finite; nothing where finite ones have a sum
/// beyond the largest number.
std::string floating_sum_sql(const std::string& value);

/// An expression of type DOUBLE: how far `value` lies above `from`, both as SQL; of whole numbers
/// and decimals with the digits that a DOUBLE has, however large they are themselves.
std::string distance_sql(const std::string& value, const std::string& from, const data::Type& type);

}  // namespace leat::checks::sets
