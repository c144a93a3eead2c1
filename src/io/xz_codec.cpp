#include <lzma.h>

#include "io/codec.hpp"

namespace leat::io {
namespace {

constexpr std::uint64_t kMemoryMax = 256 << 20;

const char* reason_of(lzma_ret code) {
  switch (code) {
    case LZMA_DATA_ERROR: return "checksum or data error";
    case LZMA_FORMAT_ERROR: return "wrong first bytes";
    case LZMA_OPTIONS_ERROR: return "options that are not supported";
    case LZMA_MEMLIMIT_ERROR: return "it needs more than 256 MB of memory";
    case LZMA_MEM_ERROR: return "out of memory";
    default: return "unknown reason";
  }
}

class XzCodec final : public Codec {
 public:
  XzCodec() = default;
  ~XzCodec() override { lzma_end(&x_stream); }
  XzCodec(const XzCodec&) = delete;
  XzCodec& operator=(const XzCodec&) = delete;

  std::string_view name() const override { return "xz"; }
  bool allows_padding() const override { return true; }

  Status begin() override {
    if (lzma_stream_decoder(&x_stream, kMemoryMax, 0) != LZMA_OK) {
      return Error(Fault::internal, "xz cannot start");
    }
    return {};
  }

  Result<CodecStep> step(std::span<const char> in, std::span<char> out) override {
    x_stream.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    x_stream.avail_in = in.size();
    x_stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    x_stream.avail_out = out.size();
    const lzma_ret code = lzma_code(&x_stream, LZMA_RUN);
    if (code != LZMA_OK && code != LZMA_BUF_ERROR && code != LZMA_STREAM_END) {
      return Error(Fault::external, reason_of(code));
    }
    return CodecStep{in.size() - x_stream.avail_in, out.size() - x_stream.avail_out,
                     code == LZMA_STREAM_END};
  }

 private:
  lzma_stream x_stream = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Codec> xz_codec() { return std::make_unique<XzCodec>(); }

}  // namespace leat::io
