#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "io/byte_stream.hpp"
#include "io/files.hpp"

namespace leat::io {

/// When a compressed file is taken for an attack rather than for data.
struct RatioLimit {
  std::uint64_t ratio_max = 1000;          ///< Bytes out for one byte in.
  std::uint64_t bytes_free = 100'000'000;  ///< So many bytes may come out whatever the ratio.
};

enum class Compression : std::uint8_t { detect, none, gzip, zstd, bzip2, xz };

/// How many bytes at the start of a file tell its compression.
constexpr std::size_t kCompressionMark = 10;

/// By the bytes it starts with, else by the ending of its name: a file called a.gz that does not
/// start like one is a broken one, not a plain one. Never `detect`.
Compression compression_of(const fs::path& path, std::string_view start);

/// The content of a compressed file of any number of members, as it is read.
///
/// Promise  every checksum is verified before the end is reported. Zeros after the last member of
///          gzip and xz are padding. A zstd or xz file that asks for more than 128 MB (256 MB) of
///          memory is refused.
/// Errors   external  cut off, corrupt, or beyond the limit; names the file and the offset in it.
std::unique_ptr<ByteStream> unpack_stream(std::unique_ptr<File> file, fs::path path,
                                          Compression compression, const RatioLimit& limit = {});

}  // namespace leat::io
