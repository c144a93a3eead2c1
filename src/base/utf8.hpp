#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leat {

/// Bytes of the character at the start of `text`, 1 to 4; 0 when there is none.
std::size_t character_bytes(std::string_view text);

/// Every byte belongs to a shortest-form character up to U+10FFFF that is no surrogate.
bool is_valid_utf8(std::string_view text);

/// For a message: invalid and control bytes as `\x00`, cut to about `bytes_max` bytes.
std::string printable(std::string_view text, std::size_t bytes_max = 100);

}  // namespace leat
