#include "clients/parquet_levels/level_runs.hpp"

#include <algorithm>
#include <bit>

namespace leat::parquet_levels {
namespace {

/// Reads runs one after the other.
class Runs {
 public:
  Runs(std::string_view bytes, std::uint64_t count, int level_max)
      : x_bytes(bytes),
        x_left(count),
        x_level_max(static_cast<unsigned>(level_max)),
        x_width(static_cast<unsigned>(std::bit_width(x_level_max))) {}

  std::optional<LevelCount> read() {
    while (x_left > 0) {
      const auto head = varint();
      if (!head) return std::nullopt;
      if (!((*head & 1) != 0 ? packed(*head >> 1) : repeated(*head >> 1))) return std::nullopt;
    }
    return x_count;
  }

 private:
  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 35 && !x_bytes.empty(); shift += 7) {
      const auto next = static_cast<std::uint8_t>(x_bytes.front());
      x_bytes.remove_prefix(1);
      value |= std::uint64_t{next & 0x7FU} << shift;
      if ((next & 0x80) == 0) return value;
    }
    return std::nullopt;
  }

  bool take(unsigned level, std::uint64_t times) {
    if (level > x_level_max) return false;
    if (!x_has_first) x_count.first = static_cast<int>(level);
    x_has_first = true;
    x_count.zeros += level == 0 ? times : 0;
    x_left -= times;
    return true;
  }

  bool repeated(std::uint64_t times) {
    const std::size_t bytes = (x_width + 7) / 8;
    if (times == 0 || x_bytes.size() < bytes) return false;
    unsigned level = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      level |= static_cast<unsigned>(static_cast<std::uint8_t>(x_bytes[i])) << (8 * i);
    }
    x_bytes.remove_prefix(bytes);
    return take(level, std::min(times, x_left));
  }

  /// Groups of eight; those of the last one that are too many do not count.
  bool packed(std::uint64_t groups) {
    const std::uint64_t levels = std::min(groups * 8, x_left);
    if (groups == 0 || (levels * x_width + 7) / 8 > x_bytes.size()) return false;
    for (std::uint64_t i = 0; i < levels; ++i) {
      unsigned level = 0;
      for (unsigned bit = 0; bit < x_width; ++bit) {
        const auto at = i * x_width + bit;
        const auto byte = static_cast<std::uint8_t>(x_bytes[at / 8]);
        level |= static_cast<unsigned>((byte >> (at % 8)) & 1) << bit;
      }
      if (!take(level, 1)) return false;
    }
    x_bytes.remove_prefix(std::min<std::uint64_t>(groups * x_width, x_bytes.size()));
    return true;
  }

  std::string_view x_bytes;
  std::uint64_t x_left;
  unsigned x_level_max;
  unsigned x_width;
  LevelCount x_count;
  bool x_has_first = false;
};

}  // namespace

std::optional<LevelCount> count_levels(std::string_view bytes, std::uint64_t count, int level_max) {
  return Runs(bytes, count, level_max).read();
}

}  // namespace leat::parquet_levels
