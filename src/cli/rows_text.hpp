#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/query.hpp"
#include "cli/output.hpp"

namespace leat::cli {

/// Rows of the engine as a table for people; null is ∅.
std::string rows_text(const engine::TextTable& found, const Output& output);
/// {"columns": [{name, type}], "rows": [[…]]}, each cell as text or null.
nlohmann::json rows_json(const engine::TextTable& found);

}  // namespace leat::cli
