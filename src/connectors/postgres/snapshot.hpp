#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connectors/postgres/read_columns.hpp"

namespace leat::connectors::postgres {

/// What a server holds at one moment, for as many connections as are asked for.
///
/// Promise   lives as long as the transaction that exports it, which this holds.
class Snapshot {
 public:
  /// For that read: its tables are held, and nobody has emptied one since.
  static Result<Snapshot> take(const TableRead& read);

  /// Which transactions it sees: two of one name see the same rows.
  const std::string& name() const { return x_name; }
  leat::postgres::Connection& holder() { return x_holder; }
  /// One more connection that sees it.
  /// Errors   external  what is read has other columns than these by now; busy: somebody waits for
  ///                    the holder to let a table go, and so does whoever comes behind him.
  Result<leat::postgres::Connection> join(const TableRead& read,
                                          const std::vector<ReadColumn>& columns) const;
  /// Those that have joined hold the tables by themselves: the holder lets them go.
  Status let_go() { return x_holder.execute("ROLLBACK TO SAVEPOINT leat_held"); }

 private:
  Snapshot(leat::postgres::Connection holder, std::string id, std::string name)
      : x_holder(std::move(holder)), x_id(std::move(id)), x_name(std::move(name)) {}

  leat::postgres::Connection x_holder;
  std::string x_id;
  std::string x_name;
};

/// So many connections that see one snapshot: another one than before where somebody waits for it.
Result<std::vector<leat::postgres::Connection>> join_all(std::optional<Snapshot>& snapshot,
                                                         const TableRead& read,
                                                         const std::vector<ReadColumn>& columns,
                                                         std::size_t count);

/// The columns of what is read, looked at in no transaction: nobody shall wait for us who alters
/// another table.
Result<std::vector<ReadColumn>> look_at_columns(const TableRead& read);

/// "a query", "table orders".
std::string described(const TableRead& read);
Error explain(const TableRead& read, Error error);

}  // namespace leat::connectors::postgres
