#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace leat::postgres {

/// What the server says of one failure.
struct Complaint {
  std::string state;    ///< SQLSTATE; empty: the connection itself.
  std::string message;  ///< In the server's words.
  std::string detail;
  std::string schema = {};  ///< Of the table whose constraint it is.
};

/// As an error, with `sqlstate` among its facts.
///
/// Errors   data      a row: its values, a constraint, what a trigger raises.
///          config    the SQL, a name, a privilege, a password.
///          external  the connection, the disk, a read-only server; busy: locks, deadlocks,
///                    serialization.
Error explain(const Complaint& complaint);

/// Why no connection came about, in libpq's words, which come without a state.
Error explain_refused(const std::string& message);

}  // namespace leat::postgres
