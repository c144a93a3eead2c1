#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "judge_parquet.hpp"
#include "load_csv.hpp"
#include "small_commands.hpp"

namespace leat::bench {

/// What was measured, as docs/benchmarks.md.
std::string report_text(const std::string& version, const std::vector<LoadResult>& loads,
                        const SmallResult& small, const JudgeResult& judged,
                        const ProfileResult& profiled);

/// B6 alone.
std::string small_section(const SmallResult& small);

/// B4 and the profile alone.
std::string judge_section(const JudgeResult& judged, const ProfileResult& profiled);

}  // namespace leat::bench
