#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace leat::parquet_levels {

/// What the levels of one page are.
struct LevelCount {
  std::uint64_t zeros = 0;
  int first = 0;
};

/// Reads `count` levels of up to `level_max`, in runs and bit-packed groups. Nothing when there are
/// fewer, or greater ones.
/// Source   Parquet, "Run Length Encoding / Bit-Packing Hybrid".
std::optional<LevelCount> count_levels(std::string_view bytes, std::uint64_t count, int level_max);

}  // namespace leat::parquet_levels
