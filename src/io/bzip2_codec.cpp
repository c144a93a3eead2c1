#include <bzlib.h>

#include <algorithm>

#include "io/codec.hpp"

namespace leat::io {
namespace {

const char* reason_of(int code) {
  switch (code) {
    case BZ_DATA_ERROR: return "checksum or data error";
    case BZ_DATA_ERROR_MAGIC: return "wrong first bytes";
    case BZ_MEM_ERROR: return "out of memory";
    default: return "unknown reason";
  }
}

class Bzip2Codec final : public Codec {
 public:
  Bzip2Codec() = default;
  ~Bzip2Codec() override { close(); }
  Bzip2Codec(const Bzip2Codec&) = delete;
  Bzip2Codec& operator=(const Bzip2Codec&) = delete;

  std::string_view name() const override { return "bzip2"; }
  bool allows_padding() const override { return false; }

  Status begin() override {
    close();
    x_stream = {};
    if (BZ2_bzDecompressInit(&x_stream, 0, 0) != BZ_OK) {
      return Error(Fault::internal, "bzip2 cannot start");
    }
    x_is_open = true;
    return {};
  }

  Result<CodecStep> step(std::span<const char> in, std::span<char> out) override {
    const auto in_size = static_cast<unsigned>(std::min(in.size(), kCodecPieceMax));
    const auto out_size = static_cast<unsigned>(std::min(out.size(), kCodecPieceMax));
    x_stream.next_in = const_cast<char*>(in.data());
    x_stream.avail_in = in_size;
    x_stream.next_out = out.data();
    x_stream.avail_out = out_size;
    const int code = BZ2_bzDecompress(&x_stream);
    if (code != BZ_OK && code != BZ_STREAM_END) return Error(Fault::external, reason_of(code));
    return CodecStep{in_size - x_stream.avail_in, out_size - x_stream.avail_out,
                     code == BZ_STREAM_END};
  }

 private:
  void close() {
    if (x_is_open) BZ2_bzDecompressEnd(&x_stream);
    x_is_open = false;
  }

  bz_stream x_stream{};
  bool x_is_open = false;
};

}  // namespace

std::unique_ptr<Codec> bzip2_codec() { return std::make_unique<Bzip2Codec>(); }

}  // namespace leat::io
