#pragma once

#include "config/findings.hpp"
#include "plan/load.hpp"

namespace leat::plan {

/// Refuses items that no run could read, and names the nodes as they are declared.
///
/// Calls     when the columns of every dataset are known.
void judge_items(const LoadedPipeline& loaded, Plan& plan, config::Findings& findings);

/// Do the rows of a dataset become items, or what such rows rest on?
bool feeds_items(const Plan& plan, const std::string& dataset);

}  // namespace leat::plan
