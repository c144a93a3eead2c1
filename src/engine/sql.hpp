#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/schema.hpp"

namespace leat::engine {

class Session;

/// What a SELECT names and does, from its parse tree alone.
struct SelectShape {
  struct TableUse {
    std::string name;        ///< As written. CTEs of the statement itself are left out.
    std::size_t offset = 0;  ///< Bytes into the SQL.
  };
  std::vector<TableUse> tables;  ///< One entry a use: a self-join names its table twice.
  bool row_wise = false;         ///< Only projection and filter: each row in gives one out or none.
};

/// An SQL complaint with its place.
struct SqlComplaint {
  std::string message;
  std::size_t offset = 0;  ///< Bytes into the SQL; 0 with `has_offset` false: unknown.
  bool has_offset = false;
  std::string hint;  ///< "did you mean `name`?"; may be empty.
  int length = 1;    ///< How many characters it is about.
};

template <typename T>
struct SqlOutcome {
  T value{};
  std::vector<SqlComplaint> complaints;  ///< Empty: `value` holds.
};

/// Exactly one SELECT (or WITH … SELECT, VALUES, FROM …); anything else is a complaint.
/// Calls     without a database: cheap.
SqlOutcome<SelectShape> parse_select(const std::string& sql);

/// The columns that `select` yields over the given tables. Runs nothing, reads nothing.
struct NamedSchema {
  std::string name;
  data::Schema schema;
};
SqlOutcome<data::Schema> bind_select(Session& session, const std::string& select,
                                     const std::vector<NamedSchema>& tables);

/// Is `expression` a boolean over the columns, without subqueries, aggregates or windows?
SqlOutcome<bool> bind_row_test(Session& session, const std::string& expression,
                               const data::Schema& schema);

}  // namespace leat::engine
