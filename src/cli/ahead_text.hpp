#pragma once

#include <string>

#include "app/ahead.hpp"
#include "cli/output.hpp"

namespace leat::cli {

/// What a run would find to do, below the plan.
std::string ahead_text(const app::PlanAhead& ahead, const Output& output);

/// The plan's JSON with the same.
std::string with_ahead(const std::string& plan_json, const app::PlanAhead& ahead);

}  // namespace leat::cli
