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
  std::uint64_t ratio_max = 1000;       ///< Bytes out for one byte in.
  std::uint64_t bytes_free = 100'000'000;  ///< So many bytes may come out whatever the ratio.
};

/// The two bytes with which every gzip file starts.
bool looks_like_gzip(std::string_view start);

/// The content of a gzip file of any number of members, as it is read.
///
/// Promise  every checksum is verified before the end is reported. Zeros after the last member are
///          padding.
/// Errors   external  cut off, corrupt, or beyond the limit; names the file and the offset in it.
std::unique_ptr<ByteStream> gunzip_stream(std::unique_ptr<File> file, fs::path path,
                                          const RatioLimit& limit = {});

}  // namespace leat::io
