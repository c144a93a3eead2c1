#pragma once

#include <map>
#include <string>
#include <vector>

namespace leat::sql_target {

/// Columns of types whose `=` holds equal what is not the same: 1.10 and 1.1, -0 and 0, '1 month'
/// and '30 days'. A row is unchanged only where these are the same too; keys meet by `=` all along.
///
/// Missing   DuckDB's: its UPDATE leaves a value as it is that is equal to the new one.
struct Loose {
  /// Of a column, what is another then; `?` stands for the column.
  std::map<std::string, std::string> rests;
  /// Columns that only their image tells apart: where the server has `*<>`, PostgreSQL's.
  std::vector<std::string> images;
};

/// `rest` of one column, which is SQL.
std::string rest_of(const std::string& rest, const std::string& column);

}  // namespace leat::sql_target
