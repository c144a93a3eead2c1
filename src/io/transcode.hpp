#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "io/byte_stream.hpp"

namespace leat::io {

enum class Encoding : std::uint8_t { detect, utf8, latin1, windows1252, utf16, utf16le, utf16be };

/// What `detect` and `utf16` mean for a text: its byte-order mark says it, else it is UTF-8 or
/// UTF-16LE. Others are what they are.
Encoding encoding_of(std::string_view start, Encoding said);

/// Text of another encoding, read as UTF-8.
///
/// Promise  nothing is lost or made up: what has no meaning in the encoding (a byte that
///          Windows-1252 does not define, half of a surrogate pair, half a unit at the end) comes
///          out as bytes that are not valid UTF-8, so that whoever reads rows sets the row aside.
///          A byte-order mark is read as the character that it is.
/// Errors   those of `bytes`.
std::unique_ptr<ByteStream> utf8_stream(std::unique_ptr<ByteStream> bytes, Encoding encoding);

}  // namespace leat::io
