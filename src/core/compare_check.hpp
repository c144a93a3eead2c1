#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/check_options.hpp"

namespace leat {

/// The SQL around a verdict that looks at other rows.
struct Compared {
  std::string judged;     ///< Is this row judged? Never null.
  std::string partition;  ///< "PARTITION BY …": judged rows are compared with judged ones alone.
};

/// Rows are judged where `where` (SQL; empty: everywhere) is true and none of `needed` (SQL names)
/// is null.
Compared compare(const std::string& where, const std::vector<std::string>& needed,
                 const std::vector<std::string>& partition_by);

/// `verdict` (SQL) of a row that is judged, else null.
std::string verdict_sql(const Compared& compared, const std::string& verdict);

/// A check whose verdict is null where the row is not judged.
Check make_compare_check(const std::string& kind, const std::vector<std::string>& columns,
                         const CheckOptions& options, const Compared& compared,
                         const std::string& verdict, CheckClass check_class);

/// Each name, quoted: the SQL names of columns.
std::vector<std::string> quoted_names(const std::vector<std::string>& names);
/// SQL names as one value: "a", or "(a, b)".
std::string key_sql(const std::vector<std::string>& quoted);

/// "a IN (", "(a, b) IN (": how the verdict of a key begins that must be among others, by SQL of
/// its columns.
std::string among_sql(const std::vector<std::string>& key);

/// The column, quoted; nothing and a finding where there is none, or where its type has no order.
std::optional<std::string> ordering_column(const ColumnName& name, const data::Schema& schema,
                                           config::Findings& findings);
/// The same of each.
std::vector<std::string> ordering_columns(const std::vector<ColumnName>& names,
                                          const data::Schema& schema, config::Findings& findings);

}  // namespace leat
