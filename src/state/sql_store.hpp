#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "state/store.hpp"

namespace leat::state {

using Cells = std::vector<std::string>;

/// What the clock says that leases are kept by.
struct StoreTime {
  std::string clock;  ///< Which one it is: instants of another one mean nothing to it.
  Micros now{};
};

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
  /// "SQLite"
  virtual std::string kind() const = 0;
  /// Where it is, for people.
  virtual std::string place() const = 0;
  virtual Result<std::uint64_t> bytes() = 0;
  /// How many rows a table has, as far as it is remembered; nothing: they are to be counted.
  virtual Result<std::optional<std::uint64_t>> rows_about(const std::string& table) = 0;
  /// All who share the store share the clock.
  virtual Result<StoreTime> time() = 0;
  /// Another connection to the same. Any thread may ask.
  virtual Result<std::unique_ptr<SqlDatabase>> open_another() const = 0;
};

/// The store in a database, whichever it is. Errors: config, made by a newer program.
Result<std::unique_ptr<Store>> open_sql_store(std::unique_ptr<SqlDatabase> database);

}  // namespace leat::state
