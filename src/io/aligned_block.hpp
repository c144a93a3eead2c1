#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace leat::io {

/// What disks want the address, the place in the file and the size of bytes to be a multiple of.
constexpr std::size_t kAlignment = 4096;

inline bool is_aligned(std::string_view bytes) {
  return (reinterpret_cast<std::uintptr_t>(bytes.data()) | bytes.size()) % kAlignment == 0;
}

/// Bytes that lie so that a disk can take them from where they are. `File::append` writes aligned
/// bytes past the cache of the file system, where that can do it: nobody copies them, and nothing
/// that is read more often is driven out. For much that is written once and hardly ever read.
class AlignedBlock {
 public:
  /// Room for `capacity` bytes, which is a multiple of the alignment.
  explicit AlignedBlock(std::size_t capacity)
      : x_pages(std::make_unique_for_overwrite<Page[]>(capacity / kAlignment)),
        x_capacity(capacity) {}

  std::string_view view() const { return {begin(), x_size}; }
  std::size_t room() const { return x_capacity - x_size; }
  void clear() { x_size = 0; }

  /// As many of them as there is room for: how many those are.
  std::size_t put(std::string_view bytes) {
    const auto taken = std::min(bytes.size(), room());
    if (taken > 0) std::memcpy(begin() + x_size, bytes.data(), taken);
    x_size += taken;
    return taken;
  }

 private:
  struct alignas(kAlignment) Page {
    char bytes[kAlignment];
  };

  char* begin() const { return reinterpret_cast<char*>(x_pages.get()); }

  std::unique_ptr<Page[]> x_pages;
  std::size_t x_capacity;
  std::size_t x_size = 0;
};

}  // namespace leat::io
