#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "state/store.hpp"

namespace leat::state {

using Cells = std::vector<std::string>;

/// What a store needs of the database that it is kept in.
///
/// Shape    `?1`, `?2` … in a statement stand for the parameters, which are texts. Cells are texts,
///          null is "".
class SqlDatabase {
 public:
  virtual ~SqlDatabase() = default;
  virtual Result<std::vector<Cells>> query(std::string_view sql, const Cells& parameters) = 0;
  /// Begins a transaction that no other writer comes into. `is_durable`: what it commits outlives
  /// a loss of power, not only a kill.
  virtual Status begin(bool is_durable) = 0;
  virtual Status commit() = 0;
  virtual Status roll_back() = 0;
  /// Of the newest migration; 0 before the first.
  virtual Result<std::size_t> version() = 0;
  virtual Status set_version(std::size_t version) = 0;
  /// Forward only: number n brings a store of version n - 1 to version n.
  virtual std::vector<std::vector<std::string>> migrations() const = 0;
  /// Where it is, for people.
  virtual std::string place() const = 0;
};

/// The store in a database, whichever it is. Errors: config, made by a newer program.
Result<std::unique_ptr<Store>> open_sql_store(std::unique_ptr<SqlDatabase> database);

}  // namespace leat::state
