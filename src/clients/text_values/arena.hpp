#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace leat::text_values {

/// Readable bytes behind every text, so that it may be read many bytes at a time.
constexpr std::size_t kPadding = 64;

/// Holds the values that do not lie in their block as they are: quoted ones with escapes. What it
/// gave out stays where it is until `clear`; padded.
class Arena {
 public:
  char* take(std::size_t size) {
    const std::size_t needed = size + kPadding;
    while (x_current < x_chunks.size() && x_chunks[x_current].size - x_used < needed) {
      ++x_current;
      x_used = 0;
    }
    if (x_current == x_chunks.size()) {
      const std::size_t bytes = needed > kChunkBytes ? needed : kChunkBytes;
      x_chunks.push_back({std::make_unique<char[]>(bytes), bytes});
      x_used = 0;
    }
    char* out = x_chunks[x_current].bytes.get() + x_used;
    x_used += size;
    return out;
  }
  /// Keeps the memory for the next use.
  void clear() { x_current = x_used = 0; }

 private:
  static constexpr std::size_t kChunkBytes = 64 * 1024;
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Chunk> x_chunks;
  std::size_t x_current = 0;
  std::size_t x_used = 0;
};

}  // namespace leat::text_values
