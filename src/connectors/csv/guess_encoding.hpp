#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace leat::connectors::csv {

/// What the bytes of a text that says nothing of its encoding seem to be.
struct EncodingGuess {
  std::string name;    ///< As the option `encoding` calls it; empty: UTF-8 as far as can be seen.
  std::string reason;  ///< Why.
  std::uint64_t bytes = 0;  ///< That tell it, where bytes above 0x7F do.
};

/// Shape   UTF-16 without its mark has a zero in every other byte. Where bytes above 0x7F are
///         there, and no two of them are UTF-8, each is a character: of Windows-1252, unless one of
///         those that it does not have is among them. A text with both is UTF-8 with dirt in it.
EncodingGuess guess_encoding(std::string_view sample);

}  // namespace leat::connectors::csv
