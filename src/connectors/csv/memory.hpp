#pragma once

#include <cstddef>
#include <cstring>
#include <memory>

#include "clients/text_values/arena.hpp"

namespace leat::connectors::csv {

using text_values::kPadding;

/// A block's bytes. Grows and never shrinks; padded.
class TextBuffer {
 public:
  char* data() { return x_bytes.get(); }
  const char* data() const { return x_bytes.get(); }
  /// Room for `size` bytes; the first `kept` stay.
  void reserve(std::size_t size, std::size_t kept) {
    if (size <= x_capacity) return;
    auto bytes = std::make_unique_for_overwrite<char[]>(size + kPadding);
    if (kept > 0) std::memcpy(bytes.get(), x_bytes.get(), kept);
    std::memset(bytes.get() + size, 0, kPadding);
    x_bytes = std::move(bytes);
    x_capacity = size;
  }

 private:
  std::unique_ptr<char[]> x_bytes;
  std::size_t x_capacity = 0;
};

}  // namespace leat::connectors::csv
