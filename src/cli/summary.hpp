#pragma once

#include <string>

#include "app/run.hpp"
#include "cli/output.hpp"

namespace leat::cli {

/// What a person sees after `leat run`: nodes, checks that did not pass, score, statistics, where
/// the rows are and what to type next.
std::string summarize(const run::RunReport& report, const Output& output);

}  // namespace leat::cli
