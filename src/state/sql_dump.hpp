#pragma once

#include <vector>

#include "state/sql_store.hpp"

namespace leat::state {

/// Of each table of a store; a long one as the server remembers it.
Result<std::vector<RowCount>> count_tables(SqlDatabase& database);

/// See Store::dump.
Status dump_tables(SqlDatabase& database, const Store::TakeRow& take);

}  // namespace leat::state
