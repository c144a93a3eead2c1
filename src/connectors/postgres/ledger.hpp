#pragma once

#include <string>

#include "base/uuid.hpp"
#include "clients/sql_target/ledger.hpp"
#include "connectors/postgres/table.hpp"

namespace leat::connectors::postgres {

/// The ledger beside a table, over a connection that outlives it.
sql_target::Ledger ledger_of(leat::postgres::Connection& server, const TableName& table,
                             const std::string& place);

/// SQL that waits until a publish of this id, if one is under way, has ended this way or that.
std::string wait_for_publish(const Uuid& id);

/// SQL that lets one transaction after the other on that takes this name.
std::string lock_by(const std::string& name);

}  // namespace leat::connectors::postgres
