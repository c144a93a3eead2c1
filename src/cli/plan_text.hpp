#pragma once

#include <string>

#include "app/project.hpp"
#include "cli/output.hpp"

namespace leat::cli {

/// "6 sources, 5 models, 14 checks, 2 sinks, exactly_once"
std::string one_line(const plan::Plan& plan);
/// What a run would do: passes, checks with class and cost, sinks with guarantee and reason.
std::string plan_text(const plan::Plan& plan, const Output& output);
/// With `nodes` only those.
std::string plan_json(const plan::Plan& plan, const std::vector<std::string>& nodes = {});
/// Nodes with their columns; where one model is among them, its SQL, too.
std::string show_text(const plan::Plan& plan, const std::vector<std::string>& nodes,
                      const Output& output);

}  // namespace leat::cli
