#pragma once

#include <string>
#include <vector>

#include "clients/sql_target/statements.hpp"

namespace leat::sql_target {

/// What becomes of the rows of `live`, a table expression, when the staged ones take their place:
/// by the key where it names each row once on both sides, else as whole rows. `columns` are
/// compared.
///
/// Missing   rows with a null in their key meet none. Whole rows: null is a value like another.
Result<Difference> weigh(const Statements& sql, const std::string& live,
                         const std::vector<std::string>& columns);

/// Fills `before` of the numbers among `columns`; `measure_after` the other side.
Status measure_before(const Statements& sql, const std::string& from,
                      const std::vector<std::string>& columns, Difference& difference);
Status measure_after(const Statements& sql, Difference& difference);

/// What is known before anything is changed, of all strategies but `replace`.
Status look_before(const Statements& sql, Difference& difference);

/// Asks the plan's judge, with what the strategy did.
Status judge(const Statements& sql, const RowChanges& changes, Difference difference);

}  // namespace leat::sql_target
