#pragma once

#include <vector>

#include "connectors/sqlite/table_columns.hpp"
#include "core/sink.hpp"

namespace leat::connectors::sqlite {

/// Would a column of the table make another value of one that is staged? Of a text that reads as a
/// number a STRING makes that number ('007' is 7), and numbers of more than 15 digits are rounded
/// where they are no integers.
///
/// Errors    data  the first such value and its column.
Status require_unaltered(sqlite3* database, const std::vector<TableColumn>& there,
                         const PublishPlan& plan);

}  // namespace leat::connectors::sqlite
