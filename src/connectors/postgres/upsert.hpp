#pragma once

#include "clients/postgres/connection.hpp"
#include "connectors/postgres/fit.hpp"
#include "connectors/postgres/table.hpp"

namespace leat::connectors::postgres {

/// Whether INSERT … ON CONFLICT of the server's ends as a `merge` by UPDATE and INSERT does, row by
/// row: the key is unique by an index, nothing of the table's acts by itself on a row that is
/// inserted or changed, and a row that only is to meet another lacks nothing that an insert needs.
///
/// Calls     when nobody else can alter the table.
Result<bool> upserts_alike(leat::postgres::Connection& server, const TableName& table,
                           const FoundTable& there, const Fit& fit);

}  // namespace leat::connectors::postgres
