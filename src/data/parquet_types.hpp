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

}  // namespace leat::data
