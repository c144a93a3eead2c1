#pragma once

#include <string>

#include "data/type.hpp"

namespace leat::checks::sets {

/// Numbers that a DOUBLE may have no place for, computed without it. `column` is an SQL name.
///
/// Errors    the engine's, where a value has more digits than a DECIMAL(38) leaves room for.

/// May a value of this type be one that a DOUBLE has no place for? Whole numbers and decimals.
bool may_be_beyond_double(const data::Type& type);

/// The mean, to eighteen digits behind its own (fewer where they do not fit), the last one never 0
/// where more would follow: so a bound of fewer digits is met exactly. A SELECT of one `value`.
std::string exact_mean_sql(const std::string& column, const data::Type& type,
                           const std::string& rows);

/// The quantile, in proportion between the two values beside it. A SELECT of one `value`; empty:
/// `share`, between 0 and 1, has too many digits.
std::string exact_quantile_sql(const std::string& column, const data::Type& type, double share,
                               const std::string& rows);

}  // namespace leat::checks::sets
