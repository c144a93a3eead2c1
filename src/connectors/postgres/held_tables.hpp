#pragma once

#include <string>

#include "connectors/postgres/table_source.hpp"

namespace leat::connectors::postgres {

/// Tables that a transaction reads, and that nobody empties or makes anew until it ends.
struct HeldTables {
  std::string rewritten;     ///< One whose rows the transaction's snapshot does not show any more.
  bool are_foreign = false;  ///< Rows of another server, whose changes this one does not count.
};

/// Locks all that a read will touch, views and partitions included. TRUNCATE, and what makes a
/// table anew, hide its rows from a snapshot that was taken before: they look at no snapshot.
Result<HeldTables> hold_tables(leat::postgres::Connection& server, const TableRead& read);

/// Errors   external  always: the snapshot is of no use.
Error rewritten_meanwhile(const HeldTables& held);

}  // namespace leat::connectors::postgres
