#pragma once

#include <string>
#include <vector>

#include "connectors/postgres/read_columns.hpp"

namespace leat::connectors::postgres {

/// SELECTs that yield each row of what is read once between them: ranges of the blocks of a table,
/// of all its partitions at once. One alone where that is not possible (a query, a view, a foreign
/// table, a server before 14) or not worth it.
///
/// `server` has looked at the table in its transaction, so that nobody can write it anew meanwhile.
Result<std::vector<std::string>> split(leat::postgres::Connection& server, const TableRead& read,
                                       std::size_t readers);

}  // namespace leat::connectors::postgres
