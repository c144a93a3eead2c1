#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/sink.hpp"
#include "data/schema.hpp"

namespace leat {

/// How the columns of a stage go into those of a target.
struct MetColumns {
  std::vector<data::Column> columns;  ///< Of the target, afterwards.
  std::vector<data::Column> added;    ///< Those of them that it did not have.
  std::vector<std::string> written;   ///< Columns of the stage that go in, in their order.
  bool is_same = true;                ///< The target's columns are the stage's, in their order.
};

/// The columns of the target that a plan makes: those staged and, of `scd2`, its own three.
std::vector<data::Column> target_columns(const PublishPlan& plan);

/// May columns of a target change, where `on_schema_change` says so?
enum class ColumnsMay { change, stay };

/// Judges the columns that are there (none: there is no target) by `on_schema_change`.
///
/// Errors    config  they are others and may not be, one has another type, or one that the strategy
///           works by is missing. `place` names the target, `may` is for the hint.
Result<MetColumns> meet_columns(const PublishPlan& plan, const std::vector<data::Column>& there,
                                const std::string& place, ColumnsMay may = ColumnsMay::change);

}  // namespace leat
