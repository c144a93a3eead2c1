#pragma once

#include <string>

#include "app/profile.hpp"
#include "engine/session.hpp"

namespace leat::app {

/// Measures every column of `rows_sql`, a table expression: one scan for the sums and sketches, one
/// for what needs them first, and one a column of few values for its most frequent ones.
/// `statistics` are of these rows, and tell how many values differ.
/// `marked_sql`: the same rows with kFails, true for those that fail a check that lets them pass;
/// empty: no check does.
Status measure_columns(engine::Session& session, const std::string& rows_sql,
                       const data::Schema& schema, const kernels::Summary& statistics,
                       const std::string& marked_sql, Profile& profile);
inline constexpr const char* kFails = "leat fails";

/// Checks that hold for the rows that were seen.
Status suggest_checks(engine::Session& session, const std::string& rows_sql, Profile& profile);

}  // namespace leat::app
