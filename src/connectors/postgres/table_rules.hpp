#pragma once

#include <string>

#include "connectors/postgres/table.hpp"
#include "core/sink.hpp"

namespace leat::connectors::postgres {

/// Nobody may hide rows of the table from us, and rows that are replaced must not take those of
/// other tables with them.
///
/// Errors   config  one does.
Status require_own_rows(leat::postgres::Connection& server, const TableName& table,
                        Strategy strategy, const std::string& place);

}  // namespace leat::connectors::postgres
