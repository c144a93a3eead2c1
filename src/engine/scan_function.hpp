#pragma once

#include "base/result.hpp"
#include "engine/pass_registry.hpp"

namespace leat::engine {

/// Adds the table function `leat_scan(handle)`; `registry` says which scan a handle means and
/// outlives the database.
Status install_scan_function(duckdb_connection connection, PassRegistry& registry);

}  // namespace leat::engine
