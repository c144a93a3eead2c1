#pragma once

#include <string>

#include "config/node.hpp"
#include "imports/dbt/settings.hpp"

namespace leat::imports::dbt {

/// The options of a csv source that dbt's `delimiter` and `column_types` say: ", delimiter: ";"".
///
/// Missing   types are told for all columns or not at all; of some they go to the list.
std::string seed_options(const Settings& settings, const std::string& name, const std::string& path,
                         const std::string& header, std::vector<Left>& left);

}  // namespace leat::imports::dbt
