#pragma once

#include <span>
#include <string>

#include <duckdb.h>

#include "data/schema.hpp"

namespace leat::connectors::files {

/// A row of the engine's flat vectors as one JSON object: numbers and booleans as such, everything
/// else as the engine prints it. Columns whose vector is null are left out.
std::string row_as_json(const data::Schema& schema, std::span<const duckdb_vector> vectors,
                        std::uint32_t row);

}  // namespace leat::connectors::files
