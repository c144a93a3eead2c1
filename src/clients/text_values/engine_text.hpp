#pragma once

#include <duckdb.h>

#include <cstdint>
#include <cstring>

namespace leat::text_values {

/// A text as the engine's vectors have it: short ones lie in it, of longer ones it holds `text`.
/// 16 readable bytes must follow `text`.
inline duckdb_string_t engine_text(const char* text, std::uint32_t size) {
  constexpr std::uint32_t kInlineMax = 12;
  const auto load_masked = [](const char* from, std::uint32_t bytes) {
    std::uint64_t word;
    std::memcpy(&word, from, 8);
    return bytes >= 8 ? word : word & ((std::uint64_t{1} << (8 * bytes)) - 1);
  };
  struct {
    std::uint32_t length;
    std::uint32_t low;
    std::uint64_t high;
  } parts{};
  static_assert(sizeof(parts) == sizeof(duckdb_string_t));
  parts.length = size;
  const std::uint64_t first = load_masked(text, size);
  parts.low = static_cast<std::uint32_t>(first);
  if (size <= kInlineMax) {
    const std::uint64_t last = size > 8 ? load_masked(text + 8, size - 8) : 0;
    parts.high = (first >> 32) | (last << 32);
  } else {
    std::memcpy(&parts.high, &text, sizeof(text));
  }
  duckdb_string_t out;
  std::memcpy(&out, &parts, sizeof(out));
  return out;
}

}  // namespace leat::text_values
