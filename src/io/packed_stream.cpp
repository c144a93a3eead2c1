#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/quantity.hpp"
#include "io/codec.hpp"
#include "io/decompress.hpp"

namespace leat::io {
namespace {

constexpr std::size_t kInputBytes = 128 * 1024;

class PackedStream final : public ByteStream {
 public:
  PackedStream(std::unique_ptr<File> file, fs::path path, std::unique_ptr<Codec> codec,
               const RatioLimit& limit)
      : x_file(std::move(file)),
        x_path(std::move(path)),
        x_codec(std::move(codec)),
        x_limit(limit),
        x_buffer(kInputBytes) {}

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      TRY(const bool goes_on, prepare());
      if (!goes_on) break;
      TRY(const std::size_t produced, step({buffer + done, size - done}));
      done += produced;
    }
    return done;
  }

  std::uint64_t file_bytes() const override { return x_file_offset - x_input.size(); }

 private:
  /// A member is open, with input where the file has any; false at the end of the file.
  Result<bool> prepare() {
    if (x_input.empty()) TRY(fill());
    if (x_is_open) return true;
    TRY(skip_padding());
    if (x_input.empty()) {
      if (x_members == 0) return broken("is empty where " + format() + " data should start");
      return false;
    }
    if (x_in_padding) return broken("holds something else after its " + format() + " data");
    TRY(x_codec->begin());
    x_is_open = true;
    return true;
  }

  Status skip_padding() {
    if (x_members == 0 || !x_codec->allows_padding()) return {};
    while (!x_input.empty() && x_input.front() == 0) {
      x_input = x_input.subspan(1);
      x_in_padding = true;
      if (x_input.empty()) TRY(fill());
    }
    return {};
  }

  Status fill() {
    TRY(const std::size_t got, x_file->read_at(x_file_offset, x_buffer.data(), x_buffer.size()));
    x_file_offset += got;
    x_input = {x_buffer.data(), got};
    return {};
  }

  Result<std::size_t> step(std::span<char> out) {
    const auto done = x_codec->step(x_input, out);
    if (!done.ok()) {
      if (done.error().fault() == Fault::internal) return Error(done.error());
      return broken("is not valid " + format() + " data").with("reason", done.error().message());
    }
    if (done->consumed == 0 && done->produced == 0 && !done->member_ended) {
      return x_input.empty() ? broken("ends in the middle of its " + format() + " data")
                             : broken("is not valid " + format() + " data");
    }
    x_input = x_input.subspan(done->consumed);
    if (done->member_ended) {
      x_is_open = false;
      ++x_members;
    }
    x_bytes_out += done->produced;
    TRY(check_ratio());
    return done->produced;
  }

  Status check_ratio() const {
    const std::uint64_t in = std::max<std::uint64_t>(1, file_bytes());
    if (x_bytes_out <= x_limit.bytes_free || x_bytes_out / in <= x_limit.ratio_max) return {};
    return broken("unpacks to more than " + std::to_string(x_limit.ratio_max) + " times its size")
        .with("bytes_out", format_bytes(x_bytes_out))
        .hint("raise `max_compression_ratio` when the file is to be trusted");
  }

  std::string format() const { return std::string(x_codec->name()); }

  Error broken(const std::string& what) const {
    return Error(Fault::external, "`" + x_path.string() + "` " + what)
        .with("file_offset", std::to_string(file_bytes()));
  }

  std::unique_ptr<File> x_file;
  fs::path x_path;
  std::unique_ptr<Codec> x_codec;
  RatioLimit x_limit;
  std::vector<char> x_buffer;
  std::span<const char> x_input;  ///< What is left of the buffer.
  std::uint64_t x_file_offset = 0;
  std::uint64_t x_bytes_out = 0;
  std::uint64_t x_members = 0;
  bool x_is_open = false;
  bool x_in_padding = false;
};

std::unique_ptr<Codec> codec_of(Compression compression) {
  switch (compression) {
    case Compression::gzip: return gzip_codec();
    case Compression::zstd: return zstd_codec();
    case Compression::bzip2: return bzip2_codec();
    case Compression::xz: return xz_codec();
    case Compression::detect:
    case Compression::none: break;
  }
  return nullptr;
}

/// "BZh" alone may be the start of a text; the first block's own mark is not.
bool looks_like_bzip2(std::string_view start) {
  using namespace std::string_view_literals;
  if (start.size() < kCompressionMark || !start.starts_with("BZh"sv)) return false;
  const auto block = start.substr(4, 6);
  return block == "\x31\x41\x59\x26\x53\x59"sv || block == "\x17\x72\x45\x38\x50\x90"sv;
}

}  // namespace

Compression compression_of(const fs::path& path, std::string_view start) {
  using namespace std::string_view_literals;
  if (start.starts_with("\x1F\x8B"sv)) return Compression::gzip;
  if (start.starts_with("\x28\xB5\x2F\xFD"sv)) return Compression::zstd;
  if (start.starts_with("\xFD\x37\x7A\x58\x5A\x00"sv)) return Compression::xz;
  if (looks_like_bzip2(start)) return Compression::bzip2;
  const auto ending = path.extension();
  if (ending == ".gz") return Compression::gzip;
  if (ending == ".zst") return Compression::zstd;
  if (ending == ".bz2") return Compression::bzip2;
  if (ending == ".xz") return Compression::xz;
  return Compression::none;
}

std::unique_ptr<ByteStream> unpack_stream(std::unique_ptr<File> file, fs::path path,
                                          Compression compression, const RatioLimit& limit) {
  auto codec = codec_of(compression);
  LEAT_ASSERT(codec != nullptr);
  return std::make_unique<PackedStream>(std::move(file), std::move(path), std::move(codec), limit);
}

}  // namespace leat::io
