#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include <duckdb.h>

namespace leat::connectors::files {

/// The engine's string of a text that stays where it is.
inline duckdb_string_t string_value(std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  duckdb_string_t out{};
  if (size <= sizeof out.value.inlined.inlined) {
    out.value.inlined.length = size;
    if (size > 0) std::memcpy(out.value.inlined.inlined, text.data(), size);
  } else {
    out.value.pointer.length = size;
    std::memcpy(out.value.pointer.prefix, text.data(), sizeof out.value.pointer.prefix);
    out.value.pointer.ptr = const_cast<char*>(text.data());
  }
  return out;
}

}  // namespace leat::connectors::files
