#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/check_options.hpp"
#include "data/type.hpp"

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

/// The verdict of a key that must be among those of kOtherRows, both by SQL of their columns. A
/// null is among none.
std::string among_sql(const std::vector<std::string>& key, const std::vector<std::string>& theirs);

/// Would the engine compare values of these types as floating-point numbers, of which several whole
/// numbers are the same?
bool meet_inexactly(const data::Type& a, const data::Type& b);
/// A floating-point number as the whole number that it is; null where it is none of that type.
std::string as_whole_sql(const std::string& floating, const data::Type& whole);

/// The column, quoted; nothing and a finding where there is none, or where its type has no order.
std::optional<std::string> ordering_column(const ColumnName& name, const data::Schema& schema,
                                           config::Findings& findings);
/// The same of each.
std::vector<std::string> ordering_columns(const std::vector<ColumnName>& names,
                                          const data::Schema& schema, config::Findings& findings);

}  // namespace leat
