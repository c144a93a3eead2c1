#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace leat::io {

/// What one step of a decompressor did.
struct CodecStep {
  std::size_t consumed = 0;
  std::size_t produced = 0;
  bool member_ended = false;
};

/// The bytes that a library is given at once: their counts are 32 bits wide.
inline constexpr std::size_t kCodecPieceMax = std::size_t{1} << 30;

/// One decompressing library.
///
/// Calls     `begin` before each member, then `step` until it ended.
/// Threads   one at a time.
/// Errors    external, with the library's own word: the text after "is not valid … data".
class Codec {
 public:
  virtual ~Codec() = default;
  virtual std::string_view name() const = 0;  ///< "gzip"
  virtual bool allows_padding() const = 0;    ///< Zeros after the last member mean nothing.
  virtual Status begin() = 0;
  virtual Result<CodecStep> step(std::span<const char> in, std::span<char> out) = 0;
};

std::unique_ptr<Codec> gzip_codec();
std::unique_ptr<Codec> zstd_codec();
std::unique_ptr<Codec> bzip2_codec();
std::unique_ptr<Codec> xz_codec();

}  // namespace leat::io
