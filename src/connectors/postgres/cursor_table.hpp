#pragma once

#include <memory>

#include "clients/cursor/cursor_table.hpp"
#include "connectors/postgres/table_source.hpp"

namespace leat::connectors::postgres {

/// The table or query of `read`, for a cursor: each opening is one snapshot. Values are compared by
/// the server, in the column's own type.
std::unique_ptr<cursor::Tables> cursor_tables(TableRead read, Cursor cursor);

}  // namespace leat::connectors::postgres
