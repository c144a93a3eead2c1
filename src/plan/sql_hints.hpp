#pragma once

#include <string>
#include <vector>

#include "engine/sql.hpp"

namespace leat::plan {

/// What the author of a SELECT can do about a complaint; what the engine hints at where nobody can
/// guess. `names` are those of the pipeline's datasets.
std::string sql_word_hint(const engine::SqlComplaint& complaint, const std::string& sql,
                          const std::vector<std::string>& names);

/// The same for the SELECT of a model.
std::string model_hint(const engine::SqlComplaint& complaint, const std::string& sql,
                       const std::vector<std::string>& names);

}  // namespace leat::plan
