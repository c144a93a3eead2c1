#pragma once

#include <optional>
#include <string>

#include "clients/sqlite/database.hpp"
#include "core/receipt.hpp"

namespace leat::connectors::sqlite {

inline constexpr const char* kCommits = "_leat_commits";
inline constexpr const char* kHeads = "_leat_heads";

/// The ledger beside the tables of a file: `_leat_commits` and `_leat_heads`.
/// docs/formats/ledger-tables.md.
///
/// Calls     those that write, within a transaction.
class LedgerTables {
 public:
  LedgerTables(sqlite3* database, const std::string& table)
      : x_database(database), x_table(table) {}

  /// Nothing before the first publish of the lane to this table, or when there is no ledger.
  Result<std::optional<Receipt>> last_receipt(const Lane& lane) const;
  Result<std::optional<Receipt>> find(const Uuid& publish_id) const;
  /// Did a publish create the table or replace it whole?
  Result<bool> made_table() const;

  Status create() const;
  /// The table is gone: every lane to it begins again.
  Status forget_heads() const;
  /// The compare-and-set. Errors: refused, naming who has moved it.
  Status move_head(const Receipt& receipt) const;
  Status add(const Receipt& receipt, bool made_table) const;

 private:
  Result<std::optional<Receipt>> newest(const std::string& condition,
                                        const leat::sqlite::Cells& parameters) const;
  Result<bool> is_there() const;
  leat::sqlite::Cells of_lane(const Lane& lane) const;

  sqlite3* x_database;
  const std::string& x_table;
};

}  // namespace leat::connectors::sqlite
