#pragma once

#include <string>
#include <vector>

#include "clients/sqlite/database.hpp"

namespace leat::connectors::sqlite {

/// What a table itself demands of the rows that come into it.
struct TableRules {
  bool may_refuse = false;            ///< False: it takes every row.
  bool may_keep = false;              ///< A row may be taken and not be there then.
  std::string declared;               ///< The SQL that says so, that of its indexes included.
  std::vector<std::string> triggers;  ///< Names of those that may keep or move a row.
};

/// None where there is no such table.
Result<TableRules> rules_of(sqlite3* database, const std::string& table);

/// Rows that were sent are not in the table, or those that it was to lose are.
Error keeps_rows(const TableRules& rules);

/// Nobody else has given the table other rules since `tried`.
/// Errors   external (busy).
Status require_same(const TableRules& tried, const TableRules& now, const std::string& place);

}  // namespace leat::connectors::sqlite
