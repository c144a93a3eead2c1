#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "config/environment.hpp"
#include "config/findings.hpp"
#include "config/node.hpp"

namespace leat::plan {

/// Lays `LEAT__A__B=value` over the value `a.b` of a file: keys are matched letter case aside, and
/// made where they are missing, but no node, connection or param is made up by a variable.
///
/// `keys` are the file's own top-level keys; other variables are left to other files.
/// Returns the names of the variables that were used.
std::vector<std::string> apply_overrides(config::Node& root, std::span<const std::string> keys,
                                         const config::Environment& environment,
                                         config::Findings& findings);

/// Lays the maps of `over` over those of `base`; what is no map in both is replaced.
void lay_over(config::Node& base, const config::Node& over);

}  // namespace leat::plan
