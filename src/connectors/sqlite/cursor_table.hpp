#pragma once

#include <memory>

#include "clients/cursor/cursor_table.hpp"
#include "connectors/sqlite/table_source.hpp"

namespace leat::connectors::sqlite {

/// The table or query of `read`, for a cursor. Values are compared as SQLite compares what it
/// stores: numbers before texts before blobs, texts by the column's collation.
///
/// Errors   config  `lookback` with values that are no date, timestamp or number.
std::unique_ptr<cursor::Tables> cursor_tables(io::FileSystem& files, TableRead read, Cursor cursor);

}  // namespace leat::connectors::sqlite
