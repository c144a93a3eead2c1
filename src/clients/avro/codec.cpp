#include "clients/avro/codec.hpp"

#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "io/codec.hpp"

namespace leat::avro {
namespace {

constexpr std::size_t kBlockBytesMax = std::size_t{1} << 30;
constexpr std::size_t kFirstBytes = 256 * 1024;
constexpr int kWithoutHeader = -15;
constexpr std::size_t kChecksumBytes = 4;
/// Some writers cut zlib's own frame off and leave bytes of its checksum behind.
constexpr std::size_t kTailBytesMax = 4;

Error corrupt(std::string_view codec, const std::string& why) {
  return Error(Fault::external, "its " + std::string(codec) + " data is corrupt: " + why);
}

Error too_large() { return Error(Fault::external, "a block unpacks to more than 1 GiB"); }

/// Room for more output; false when a block may not have it.
bool grow(std::string& out, std::size_t used) {
  if (used < out.size()) return true;
  if (out.size() >= kBlockBytesMax) return false;
  out.resize(std::min(kBlockBytesMax, std::max(kFirstBytes, out.size() * 2)));
  return true;
}

Bytef* bytes_of(const char* text) {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text));
}

Result<std::string> inflate_all(std::string_view packed) {
  z_stream stream{};
  if (inflateInit2(&stream, kWithoutHeader) != Z_OK) {
    return Error(Fault::internal, "zlib could not be started");
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
  stream.next_in = bytes_of(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  std::size_t used = 0;
  for (int done = Z_OK; done != Z_STREAM_END;) {
    if (!grow(out, used)) return too_large();
    stream.next_out = bytes_of(out.data() + used);
    stream.avail_out = static_cast<uInt>(out.size() - used);
    done = inflate(&stream, Z_NO_FLUSH);
    const auto before = used;
    used = out.size() - stream.avail_out;
    if (done != Z_OK && done != Z_STREAM_END) return corrupt("deflate", "it cannot be unpacked");
    if (done == Z_OK && used == before && stream.avail_in == 0) {
      return corrupt("deflate", "it is cut off");
    }
  }
  if (stream.avail_in > kTailBytesMax) return corrupt("deflate", "something follows it");
  out.resize(used);
  return out;
}

std::array<char, kChecksumBytes> checksum_of(std::string_view bytes) {
  const auto crc = crc32_z(0, bytes_of(bytes.data()), bytes.size());
  return {static_cast<char>(crc >> 24), static_cast<char>(crc >> 16), static_cast<char>(crc >> 8),
          static_cast<char>(crc)};
}

Result<std::string> unsnap(std::string_view packed) {
  if (packed.size() < kChecksumBytes) return corrupt("snappy", "it is cut off");
  const auto body = packed.substr(0, packed.size() - kChecksumBytes);
  std::size_t size = 0;
  if (!snappy::GetUncompressedLength(body.data(), body.size(), &size)) {
    return corrupt("snappy", "it cannot be unpacked");
  }
  // Whatever it claims, a byte yields no more than 64.
  if (size > body.size() * 64 + 64) return corrupt("snappy", "it claims more than it can hold");
  if (size > kBlockBytesMax) return too_large();
  std::string out(size, '\0');
  if (!snappy::RawUncompress(body.data(), body.size(), out.data())) {
    return corrupt("snappy", "it cannot be unpacked");
  }
  const auto sum = checksum_of(out);
  if (packed.substr(body.size()) != std::string_view(sum.data(), sum.size())) {
    return corrupt("snappy", "its checksum is another one");
  }
  return out;
}

Result<std::string> unpack_by(io::Codec& codec, std::string_view packed) {
  TRY(codec.begin());
  std::string out;
  std::size_t used = 0;
  for (;;) {
    if (!grow(out, used)) return too_large();
    auto step = codec.step({packed.data(), packed.size()}, {out.data() + used, out.size() - used});
    if (!step.ok()) return corrupt(codec.name(), step.error().message());
    packed.remove_prefix(step->consumed);
    used += step->produced;
    if (step->member_ended) break;
    if (step->consumed == 0 && step->produced == 0) return corrupt(codec.name(), "it is cut off");
  }
  if (!packed.empty()) return corrupt(codec.name(), "something follows it");
  out.resize(used);
  return out;
}

std::unique_ptr<io::Codec> codec_of(const std::string& name) {
  if (name == "zstandard") return io::zstd_codec();
  if (name == "bzip2") return io::bzip2_codec();
  return name == "xz" ? io::xz_codec() : nullptr;
}

Result<std::string> deflate_all(std::string_view bytes) {
  z_stream stream{};
  constexpr int kMemory = 8;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWithoutHeader, kMemory,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return Error(Fault::internal, "zlib could not be started");
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, deflateEnd);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = bytes_of(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = bytes_of(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
    return Error(Fault::internal, "zlib wanted more room than it said");
  }
  out.resize(out.size() - stream.avail_out);
  return out;
}

Result<std::string> zstd_all(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  constexpr int kLevel = 3;
  const auto size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kLevel);
  if (ZSTD_isError(size) != 0) return Error(Fault::internal, "zstd could not compress a block");
  out.resize(size);
  return out;
}

}  // namespace

Status require_codec(const std::string& codec) {
  if (codec == "null" || codec == "deflate" || codec == "snappy" || codec_of(codec) != nullptr) {
    return {};
  }
  return Error(Fault::config, "its codec `" + codec + "` is not read")
      .hint("known: null, deflate, snappy, zstandard, bzip2, xz");
}

Result<std::string> unpack(const std::string& codec, std::string_view packed) {
  if (codec == "null") return std::string(packed);
  if (codec == "deflate") return inflate_all(packed);
  if (codec == "snappy") return unsnap(packed);
  TRY(require_codec(codec));
  return unpack_by(*codec_of(codec), packed);
}

Result<std::string> pack(const std::string& codec, std::string_view bytes) {
  if (codec == "null") return std::string(bytes);
  if (codec == "deflate") return deflate_all(bytes);
  if (codec == "zstandard") return zstd_all(bytes);
  LEAT_ASSERT(codec == "snappy");
  std::string out;
  snappy::Compress(bytes.data(), bytes.size(), &out);
  const auto sum = checksum_of(bytes);
  return out.append(sum.data(), sum.size());
}

}  // namespace leat::avro
