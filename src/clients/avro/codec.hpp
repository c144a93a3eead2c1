#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace leat::avro {

/// What a file begins with …
inline constexpr std::string_view kMagic{"Obj\x01", 4};
/// … and the mark between its blocks.
inline constexpr std::size_t kSyncBytes = 16;

/// A block's bytes unpacked. Codecs: null, deflate, snappy, zstandard, bzip2, xz.
///
/// Promise   checksums are verified where the codec has them; nothing follows the packed bytes, but
///           for up to four bytes behind deflate, which some writers leave there.
/// Errors    external  corrupt, or more than a block may hold (1 GiB).
///           config    a codec that is not read.
Result<std::string> unpack(const std::string& codec, std::string_view packed);

/// A block's bytes packed.
///
/// Calls     only with a codec that is written: null, deflate, snappy or zstandard.
/// Errors    internal, the library could not do it.
Result<std::string> pack(const std::string& codec, std::string_view bytes);

/// Errors: config, the codec is not read.
Status require_codec(const std::string& codec);

}  // namespace leat::avro
