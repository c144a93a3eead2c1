#include <zlib.h>

#include <algorithm>

#include "io/codec.hpp"

namespace leat::io {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;

class GzipCodec final : public Codec {
 public:
  GzipCodec() = default;
  ~GzipCodec() override { close(); }
  GzipCodec(const GzipCodec&) = delete;
  GzipCodec& operator=(const GzipCodec&) = delete;

  std::string_view name() const override { return "gzip"; }
  bool allows_padding() const override { return true; }

  Status begin() override {
    close();
    if (inflateInit2(&x_zlib, kGzipOnly) != Z_OK) {
      return Error(Fault::internal, "zlib cannot start");
    }
    x_is_open = true;
    return {};
  }

  Result<CodecStep> step(std::span<const char> in, std::span<char> out) override {
    const auto in_size = static_cast<uInt>(std::min(in.size(), kCodecPieceMax));
    const auto out_size = static_cast<uInt>(std::min(out.size(), kCodecPieceMax));
    x_zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    x_zlib.avail_in = in_size;
    x_zlib.next_out = reinterpret_cast<Bytef*>(out.data());
    x_zlib.avail_out = out_size;
    const int code = inflate(&x_zlib, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END) {
      return Error(Fault::external, x_zlib.msg != nullptr ? x_zlib.msg : "unknown reason");
    }
    return CodecStep{in_size - x_zlib.avail_in, out_size - x_zlib.avail_out, code == Z_STREAM_END};
  }

 private:
  void close() {
    if (x_is_open) inflateEnd(&x_zlib);
    x_is_open = false;
  }

  z_stream x_zlib{};
  bool x_is_open = false;
};

}  // namespace

std::unique_ptr<Codec> gzip_codec() { return std::make_unique<GzipCodec>(); }

}  // namespace leat::io
