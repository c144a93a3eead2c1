#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "child.hpp"
#include "lineitem.hpp"

namespace leat::bench {

struct LoadPlan {
  std::filesystem::path leat;    ///< The program.
  std::filesystem::path self;    ///< This program, which runs the reference.
  std::filesystem::path folder;  ///< For files; there is room for 300 bytes a row.
  std::vector<std::uint64_t> sizes;
  int rounds = 5;
};

/// B1a at one size.
struct LoadResult {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  LineitemCounts counts;
  std::vector<Cost> leat;    ///< One a round, interleaved with the reference's.
  std::vector<Cost> unique;  ///< Likewise, and no two rows have the same two columns.
  /// The same two over rows whose keys come in no order.
  std::vector<Cost> scattered;
  std::vector<Cost> scattered_unique;
  Cost confined;  ///< The last of these once within kConfined, which the keys do not fit into.
  std::vector<Cost> reference;
  bool compared_rows = false;  ///< By EXCEPT ALL; else by count and the sum of row hashes.
};

/// Makes the files, runs Leat and the plain engine in turn, and proves what Leat wrote: the rows of
/// the result, the rows of the quarantine by rule. Stops the program when they are not the expected
/// ones: a time without a proof does not count.
std::vector<LoadResult> measure_load(const LoadPlan& plan);

inline constexpr const char* kConfined = "256MB";

/// One load of so many rows, for its peak of memory.
Cost measure_large_load(const LoadPlan& plan, std::uint64_t rows);

/// Drops what an earlier round left.
void remove_outputs(const std::filesystem::path& folder);

}  // namespace leat::bench
