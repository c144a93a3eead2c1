#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "load_csv.hpp"
#include "small_commands.hpp"

namespace leat::bench {

/// What was measured, as docs/benchmarks.md.
std::string report_text(const std::string& version, const std::vector<LoadResult>& loads,
                        const SmallResult& small);

}  // namespace leat::bench
