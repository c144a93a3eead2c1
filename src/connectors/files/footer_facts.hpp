#pragma once

#include <filesystem>
#include <vector>

#include "core/source.hpp"
#include "data/schema.hpp"
#include "engine/session.hpp"

namespace leat::connectors::files {

/// What the footers of Parquet files say of these columns, over all row groups of all files.
///
/// Promise   nothing is said where a footer leaves it open: a group without statistics, a column
///           that some file lacks, is nested or stands there twice. Bounds are told of signed whole
///           numbers, decimals, dates, timestamps without a zone, and floating-point numbers that
///           the file holds as INT32, INT64, FLOAT or DOUBLE, from the fields `min_value` and
///           `max_value` alone: older ones were written with other orders, and texts may be cut.
///           Those of floating-point numbers leave NaN out; where a bound itself is NaN there is
///           none.
/// Errors    none: what cannot be read is not known.
std::vector<ColumnFacts> footer_facts(engine::Session& session,
                                      const std::vector<std::filesystem::path>& files,
                                      const data::Schema& schema,
                                      const std::vector<std::string>& columns);

}  // namespace leat::connectors::files
