#pragma once

#include <string>

#include "connectors/postgres/table_source.hpp"

namespace leat::connectors::postgres {

/// Tables that a transaction reads, and that nobody empties or makes anew until it ends.
struct HeldTables {
  /// Which they are, and their files, as they are now whatever the transaction's snapshot shows.
  std::string files;
  bool are_foreign = false;  ///< Rows of another server, whose changes this one does not count.
};

/// Locks all that a read will touch, views and partitions included, by planning it. TRUNCATE, what
/// makes a table anew, and names that change hands look at no snapshot: of what was held when a
/// snapshot was taken, it shows the rows as long as the files are the same.
Result<HeldTables> hold_tables(leat::postgres::Connection& server, const TableRead& read);

/// Errors   external, busy  always: the snapshot is of no use.
Error rewritten_meanwhile(const TableRead& read);

}  // namespace leat::connectors::postgres
