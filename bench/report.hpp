#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "judge_parquet.hpp"
#include "load_csv.hpp"
#include "read_csv.hpp"
#include "small_commands.hpp"

namespace leat::bench {

struct Measured {
  std::string version;
  std::vector<LoadResult> loads;
  std::uint64_t large_rows = 0;
  Cost large;  ///< A load of so many rows.
  ReadingResult reading;
  SmallResult small;
  JudgeResult judged;
  ProfileResult profiled;
};

/// What was measured, as docs/benchmarks.md.
std::string report_text(const Measured& measured);

/// Reading alone.
std::string reading_section(const ReadingResult& reading);

/// B6 alone.
std::string small_section(const SmallResult& small);

/// B4 and the profile alone.
std::string judge_section(const JudgeResult& judged, const ProfileResult& profiled);

}  // namespace leat::bench
