#pragma once

#include <string>

#include "app/project.hpp"
#include "cli/output.hpp"

namespace leat::cli {

/// "6 sources, 5 models, 14 checks, 2 sinks, exactly_once"
std::string one_line(const plan::Plan& plan);
/// What a run would do: passes, checks with class and cost, sinks with guarantee and reason.
std::string plan_text(const plan::Plan& plan, const Output& output);
std::string plan_json(const plan::Plan& plan);
/// Nodes with their columns; with `node` one of them, its SQL included.
Result<std::string> show_text(const plan::Plan& plan, const std::string& node,
                              const Output& output);

}  // namespace leat::cli
