#pragma once

#include <string>

#include "app/profile.hpp"
#include "engine/session.hpp"

namespace leat::app {

/// Measures every column of `rows_sql`, a table expression: one scan for the sums and sketches, one
/// for what needs them first, and one a column of few values for its most frequent ones. `failing`
/// is SQL that is true for rows that fail a check.
Status measure_columns(engine::Session& session, const std::string& rows_sql,
                       const data::Schema& schema, const std::vector<std::string>& failing,
                       Profile& profile);

/// Checks that hold for the rows that were seen.
Status suggest_checks(engine::Session& session, const std::string& rows_sql, Profile& profile);

}  // namespace leat::app
