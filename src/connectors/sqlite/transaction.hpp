#pragma once

#include "clients/sqlite/database.hpp"

namespace leat::connectors::sqlite {

/// Rolled back unless it was committed.
class Transaction {
 public:
  explicit Transaction(sqlite3* database) : x_database(database) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    // After a failed COMMIT the transaction may be open or not.
    if (sqlite3_get_autocommit(x_database) == 0) {
      static_cast<void>(leat::sqlite::execute(x_database, "ROLLBACK").ok());
    }
  }

 private:
  sqlite3* x_database;
};

}  // namespace leat::connectors::sqlite
