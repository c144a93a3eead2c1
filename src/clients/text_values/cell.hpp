#pragma once

#include <cstdint>
#include <string_view>

namespace leat::text_values {

/// One value as text, without its quotes. kPadding readable bytes follow it.
struct Cell {
  enum class Kind : std::uint8_t { plain, quoted, absent };

  const char* text = nullptr;
  std::uint32_t size = 0;
  Kind kind = Kind::plain;  ///< absent: null, whatever the column.

  std::string_view view() const { return {text, size}; }
};

}  // namespace leat::text_values
