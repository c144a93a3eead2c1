#include "io/decompress.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/quantity.hpp"

namespace leat::io {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;
constexpr std::size_t kInputBytes = 128 * 1024;

class GzipStream final : public ByteStream {
 public:
  GzipStream(std::unique_ptr<File> file, fs::path path, const RatioLimit& limit)
      : x_file(std::move(file)), x_path(std::move(path)), x_limit(limit), x_input(kInputBytes) {}
  ~GzipStream() override {
    if (x_is_open) inflateEnd(&x_zlib);
  }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      TRY(const bool goes_on, prepare());
      if (!goes_on) break;
      const std::size_t piece = std::min<std::size_t>(size - done, 1u << 30);
      x_zlib.next_out = reinterpret_cast<Bytef*>(buffer + done);
      x_zlib.avail_out = static_cast<uInt>(piece);
      TRY(inflate_once());
      done += piece - x_zlib.avail_out;
      x_bytes_out += piece - x_zlib.avail_out;
      TRY(check_ratio());
    }
    return done;
  }

  std::uint64_t file_bytes() const override { return x_file_offset - x_zlib.avail_in; }

 private:
  /// Input is there and a member is open; false at the end of the file.
  Result<bool> prepare() {
    if (x_zlib.avail_in == 0) TRY(fill());
    if (x_is_open) {
      if (x_zlib.avail_in == 0) return broken("ends in the middle of its gzip data");
      return true;
    }
    while (x_members > 0 && x_zlib.avail_in > 0 && *x_zlib.next_in == 0) {
      ++x_zlib.next_in;
      --x_zlib.avail_in;
      x_in_padding = true;
      if (x_zlib.avail_in == 0) TRY(fill());
    }
    if (x_zlib.avail_in == 0) {
      if (x_members == 0) return broken("is empty where gzip data should start");
      return false;
    }
    if (x_in_padding) return broken("holds something else after its gzip data");
    if (inflateInit2(&x_zlib, kGzipOnly) != Z_OK) {
      return Error(Fault::internal, "zlib cannot start");
    }
    x_is_open = true;
    return true;
  }

  Status fill() {
    TRY(const std::size_t got, x_file->read_at(x_file_offset, x_input.data(), x_input.size()));
    x_file_offset += got;
    x_zlib.next_in = reinterpret_cast<Bytef*>(x_input.data());
    x_zlib.avail_in = static_cast<uInt>(got);
    return {};
  }

  Status inflate_once() {
    const int code = inflate(&x_zlib, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      inflateEnd(&x_zlib);
      x_is_open = false;
      ++x_members;
      return {};
    }
    if (code == Z_OK || code == Z_BUF_ERROR) return {};
    const char* reason = x_zlib.msg != nullptr ? x_zlib.msg : "unknown reason";
    return broken("is not valid gzip data").with("reason", reason);
  }

  Status check_ratio() const {
    const std::uint64_t in = std::max<std::uint64_t>(1, file_bytes());
    if (x_bytes_out <= x_limit.bytes_free || x_bytes_out / in <= x_limit.ratio_max) return {};
    return broken("unpacks to more than " + std::to_string(x_limit.ratio_max) +
                  " times its size")
        .with("bytes_out", format_bytes(x_bytes_out))
        .hint("raise `max_compression_ratio` when the file is to be trusted");
  }

  Error broken(const std::string& what) const {
    return Error(Fault::external, "`" + x_path.string() + "` " + what)
        .with("file_offset", std::to_string(file_bytes()));
  }

  std::unique_ptr<File> x_file;
  fs::path x_path;
  RatioLimit x_limit;
  std::vector<char> x_input;
  std::uint64_t x_file_offset = 0;
  std::uint64_t x_bytes_out = 0;
  std::uint64_t x_members = 0;
  bool x_is_open = false;
  bool x_in_padding = false;
  z_stream x_zlib{};
};

}  // namespace

bool looks_like_gzip(std::string_view start) {
  return start.size() >= 2 && start[0] == '\x1F' && start[1] == '\x8B';
}

std::unique_ptr<ByteStream> gunzip_stream(std::unique_ptr<File> file, fs::path path,
                                          const RatioLimit& limit) {
  return std::make_unique<GzipStream>(std::move(file), std::move(path), limit);
}

}  // namespace leat::io
