#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "child.hpp"
#include "load_csv.hpp"

namespace leat::bench {

/// B4: checks over a Parquet file.
struct JudgeResult {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::vector<Cost> leat;   ///< One a round, interleaved with the references'.
  std::vector<Cost> many;   ///< One statement a check.
  std::vector<Cost> fused;  ///< One statement for all.
};

/// `leat profile` of the same file.
struct ProfileResult {
  std::vector<Cost> leat;
  std::vector<Cost> reference;  ///< One scan with the same aggregates, by hand.
};

/// Writes the rows of B1a as typed Parquet, what cannot be read as null, and judges them by 30
/// checks: by Leat and by SQL of the plain engine, in turn. Stops the program when one of them
/// counts other failing rows.
JudgeResult measure_judge(const LoadPlan& plan, std::uint64_t rows);
/// Calls     after measure_judge, which wrote the file.
ProfileResult measure_profile(const LoadPlan& plan);

/// The plain engine's part: prints what each check counts, a line each. `how` is `many` or `fused`.
int judge_as_reference(const std::filesystem::path& parquet, const std::string& how);
int profile_as_reference(const std::filesystem::path& parquet);

}  // namespace leat::bench
