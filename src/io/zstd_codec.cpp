#include <zstd.h>

#include "io/codec.hpp"

namespace leat::io {
namespace {

class ZstdCodec final : public Codec {
 public:
  ZstdCodec() = default;
  ~ZstdCodec() override { ZSTD_freeDCtx(x_context); }
  ZstdCodec(const ZstdCodec&) = delete;
  ZstdCodec& operator=(const ZstdCodec&) = delete;

  std::string_view name() const override { return "zstd"; }
  bool allows_padding() const override { return false; }

  Status begin() override {
    if (x_context == nullptr) x_context = ZSTD_createDCtx();
    if (x_context == nullptr) return Error(Fault::internal, "zstd cannot start");
    ZSTD_DCtx_reset(x_context, ZSTD_reset_session_only);
    return {};
  }

  Result<CodecStep> step(std::span<const char> in, std::span<char> out) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t left = ZSTD_decompressStream(x_context, &output, &input);
    if (ZSTD_isError(left) != 0) return Error(Fault::external, ZSTD_getErrorName(left));
    return CodecStep{input.pos, output.pos, left == 0};
  }

 private:
  ZSTD_DCtx* x_context = nullptr;
};

}  // namespace

std::unique_ptr<Codec> zstd_codec() { return std::make_unique<ZstdCodec>(); }

}  // namespace leat::io
