#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/sql.hpp"

namespace leat::engine {

/// What the engine says of a SQL text, in our words: one sentence, the nearest name as a hint
/// instead of a list of candidates, and the place of the name that it is about where the engine
/// tells none.
///
/// `offset` is negative when it is not known. `columns`: names that could be meant.
SqlComplaint explain_sql(const std::string& message, std::int64_t offset, const std::string& sql,
                         const std::vector<std::string>& columns);

}  // namespace leat::engine
