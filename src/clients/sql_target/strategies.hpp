#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "clients/sql_target/loose.hpp"
#include "clients/sql_target/own_ways.hpp"
#include "clients/sql_target/query.hpp"
#include "core/meet_columns.hpp"
#include "core/receipt.hpp"
#include "core/sink.hpp"

namespace leat::sql_target {

/// What meets what, in names of the database's SQL.
struct Meeting {
  const PublishPlan& plan;
  const MetColumns& columns;
  std::string target;  ///< The table, quoted; it has `columns.columns`. Emptied for `replace`.
  std::string stage;   ///< What stands behind FROM: has the plan's columns, of the target's types.
  std::string now;     ///< scd2 without a version: since when the staged rows hold.
  std::vector<std::string> as_text = {};  ///< Columns that are compared as text.
  Loose loose = {};                       ///< Of the others.
  /// `merge`: not empty where the target itself meets rows by `key`, ON CONFLICT, with the same end
  /// as statements of ours; tells behind RETURNING of a row that was written whether it is new.
  std::string is_new_row = {};
  std::optional<Difference> replaced = {};  ///< `replace` that is judged: as weigh_replaced says.
  OwnWays own_ways = {};                    ///< Empty: the target has none.
};

/// Brings the staged rows into the target, as the strategy says: the one place that knows how, for
/// every target that speaks SQL.
///
/// Calls     within the transaction that also writes the receipt.
/// Shape     Statements are of the SQL that DuckDB, SQLite 3.39 and PostgreSQL have in common.
///           Temporary tables `_leat_stage` and `_leat_meeting` are made, and dropped at the end.
/// Promise   the counts close: every staged row is inserted, updated, deleted, unchanged or
///           superseded, and each statement changed as many rows as were meant.
/// Errors    data      a staged row without a key; two that differ and have the same.
///           config    the target has two rows with one key.
///           internal  the counts do not close, and the target has no `own_ways`. The caller rolls
///                     back.
///           Those of the plan's judge.
Result<RowChanges> meet(const Meeting& meeting, const Query& query);

/// `delete_insert` without its rows: those that they replace are deleted. Tells how many of these
/// are there all the same.
Result<std::uint64_t> make_room(const Meeting& meeting, const Query& query);

/// What `replace` will make of the rows of `live`, a table expression with these columns: asked
/// before they go.
Result<Difference> weigh_replaced(const Meeting& meeting, const std::string& live,
                                  const std::vector<std::string>& live_columns, const Query& query);

}  // namespace leat::sql_target
