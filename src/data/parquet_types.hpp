#pragma once

#include <optional>

#include "base/result.hpp"
#include "data/type.hpp"

namespace leat::data {

/// The type as which a column travels through a Parquet file so that a cast back gives the very
/// value; nothing when Parquet carries the type itself.
///
/// Errors    config  no type of Parquet can carry it.
Result<std::optional<Type>> parquet_travel_type(const Type& type);

/// The type that a column gets in a Parquet file that stays: as `parquet_travel_type`, but a
/// HUGEINT stays a number, DECIMAL(38,0), which all but the very largest fit into.
Result<std::optional<Type>> parquet_column_type(const Type& type);

}  // namespace leat::data
