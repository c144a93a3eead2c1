#pragma once

#include <string>

#include "app/profile.hpp"
#include "engine/session.hpp"

namespace leat::app {

/// Says of the columns of text in `rows_sql`, a table expression, what nine in ten of their values
/// or more would be, and what stands in the way. Codes with leading zeros or a plus sign are text.
Status find_near_types(engine::Session& session, const std::string& rows_sql, Profile& profile);

}  // namespace leat::app
