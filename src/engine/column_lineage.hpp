#pragma once

#include <string>
#include <vector>

#include "engine/sql.hpp"

namespace leat::engine {

/// How a value comes into being, weakest first.
enum class Feed {
  copied,      ///< As it stood.
  computed,    ///< By an expression over one row.
  aggregated,  ///< Out of several rows.
};
std::string_view name_of(Feed feed);

/// A column of an input.
struct ColumnUse {
  std::string table;
  std::string column;
  Feed feed = Feed::copied;
  /// Copied, added up or chosen from others alone: its numbers are amounts of the same unit there.
  bool keeps_unit = true;
  bool operator==(const ColumnUse&) const = default;
};

/// Where the columns of a SELECT come from.
struct SelectLineage {
  std::vector<std::vector<ColumnUse>> columns;  ///< By output column: what feeds its values.
  std::vector<ColumnUse>
      deciding;  ///< What filters, joins and groups look at: which rows there are.
};

/// Follows each output column through the bound plan, joins, subqueries and CTEs included.
///
/// Promise   no column that feeds another is missed; where a construct hides which one it is, all
///           that it can see are told.
SqlOutcome<SelectLineage> trace_columns(Session& session, const std::string& select,
                                        const std::vector<NamedSchema>& tables);

}  // namespace leat::engine
