#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connectors/postgres/read_columns.hpp"

namespace leat::connectors::postgres {

/// How often a snapshot is taken anew where what it would read was exchanged meanwhile.
inline constexpr int kSnapshotAttempts = 5;

/// What a server holds at one moment, for as many connections as are asked for.
///
/// Promise   lives as long as the transaction that exports it, which this holds. It is taken while
///           all that is read is locked, and keeps nobody from it afterwards: who joins looks
///           whether that is still the same.
class Snapshot {
 public:
  static Result<Snapshot> take(const TableRead& read);

  /// Which transactions it sees: two of one name see the same rows.
  const std::string& name() const { return x_name; }
  /// Looks at what it likes, and lets it go when somebody joins.
  leat::postgres::Connection& holder() { return x_holder; }
  /// One more connection that sees it, and holds what is read. Nothing: that was emptied, made anew
  /// or exchanged meanwhile, and the snapshot is of no use.
  /// Errors   external  what is read has other columns than these by now.
  Result<std::optional<leat::postgres::Connection>> join(const TableRead& read,
                                                         const std::vector<ReadColumn>& columns);
  /// At most so many, and at least one: fewer where somebody waits for those that have joined, or
  /// the server has no connection more. None, as with `join`: it is of no use.
  Result<std::vector<leat::postgres::Connection>> join_all(const TableRead& read,
                                                           const std::vector<ReadColumn>& columns,
                                                           std::size_t count);
  /// The same, and the holder holds what is read as well, so that it may look at that while the
  /// others read.
  Result<std::vector<leat::postgres::Connection>> join_all_and_look(
      const TableRead& read, const std::vector<ReadColumn>& columns, std::size_t count);

 private:
  Snapshot(leat::postgres::Connection holder, std::string id, std::string name)
      : x_holder(std::move(holder)), x_id(std::move(id)), x_name(std::move(name)) {}

  Result<std::optional<leat::postgres::Connection>> join_by(leat::postgres::Connection server,
                                                            const TableRead& read,
                                                            const std::vector<ReadColumn>& columns);

  leat::postgres::Connection x_holder;
  std::string x_id;
  std::string x_name;
  std::string x_files;                               ///< As HeldTables has them.
  std::optional<leat::postgres::Connection> x_next;  ///< One that is open already.
};

/// The columns of what is read, looked at in no transaction: nobody shall wait for us who alters
/// another table.
Result<std::vector<ReadColumn>> look_at_columns(const TableRead& read);

/// "a query", "table orders".
std::string described(const TableRead& read);
Error explain(const TableRead& read, Error error);

}  // namespace leat::connectors::postgres
