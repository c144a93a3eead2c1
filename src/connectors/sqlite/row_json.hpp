#pragma once

#include <string>

#include "clients/sqlite/database.hpp"
#include "data/schema.hpp"

namespace leat::connectors::sqlite {

/// A staged row, which the statement stands on, as a JSON object.
std::string row_json(sqlite3_stmt* row, const data::Schema& schema);

}  // namespace leat::connectors::sqlite
