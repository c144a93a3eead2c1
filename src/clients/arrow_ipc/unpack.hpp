#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace leat::arrow_ipc {

/// How the buffers of a record batch are packed, as Message.fbs numbers it.
enum class Codec : std::uint8_t { lz4_frame, zstd, none };

/// What is in a packed buffer: eight bytes with its length, then its frame, or as it was where the
/// length is -1. `room` keeps what has to be unpacked and must outlive the answer.
///
/// Errors   external  broken, or a buffer that unpacks to more than a thousand times its size.
/// Source   Apache Arrow columnar format 1.5, "Compression".
Result<std::string_view> unpack(Codec codec, std::string_view packed, std::string& room);

}  // namespace leat::arrow_ipc
