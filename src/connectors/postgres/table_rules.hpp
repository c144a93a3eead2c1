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

/// What may keep a row from the table or put it elsewhere: "trigger keep", "rule away".
Result<std::vector<std::string>> find_keepers(leat::postgres::Connection& server,
                                              const TableName& table);

/// What to do about them, as a hint; empty: nobody knows their names.
std::string without(const std::vector<std::string>& keepers);

}  // namespace leat::connectors::postgres
