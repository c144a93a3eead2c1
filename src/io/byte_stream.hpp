#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "io/files.hpp"

namespace leat::io {

/// The bytes of a file in order, decompressed where it is compressed.
///
/// Threads  one at a time.
/// Errors   external  the file cannot be read, or is not what it was when it was opened.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Up to `size` bytes; fewer only at the end.
  virtual Result<std::size_t> read(char* buffer, std::size_t size) = 0;
  /// Bytes of the file itself taken so far; for progress.
  virtual std::uint64_t file_bytes() const = 0;
};

/// The first `size` bytes of a file as they lie there, of which `start` was read already. A file
/// that ends earlier is an error: it was cut while it was read.
std::unique_ptr<ByteStream> plain_stream(std::unique_ptr<File> file, fs::path path,
                                         std::uint64_t size, std::string start = {});

}  // namespace leat::io
