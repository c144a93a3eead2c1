#include "io/compress.hpp"

#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <vector>

#include "base/assert.hpp"

namespace leat::io {
namespace {

constexpr std::size_t kPackedPiece = 256 * 1024;
constexpr int kGzipHeader = 16 + MAX_WBITS;
constexpr int kZstdLevel = 3;

using Pieces = std::vector<char>;

/// Reads the next piece of `from` into `in`; false behind the last one.
Result<bool> next_piece(ByteStream& from, Pieces& in, std::size_t& size) {
  TRY(size, from.read(in.data(), in.size()));
  return size == in.size();
}

Status pack_gzip(ByteStream& from, File& to) {
  z_stream zlib{};
  const int started =
      deflateInit2(&zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipHeader, 8, Z_DEFAULT_STRATEGY);
  if (started != Z_OK) return Error(Fault::internal, "zlib cannot start");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closed(&zlib, deflateEnd);
  Pieces in(kPackedPiece);
  Pieces out(kPackedPiece);
  for (bool goes_on = true; goes_on;) {
    std::size_t size = 0;
    TRY(goes_on, next_piece(from, in, size));
    zlib.next_in = reinterpret_cast<Bytef*>(in.data());
    zlib.avail_in = static_cast<uInt>(size);
    do {
      zlib.next_out = reinterpret_cast<Bytef*>(out.data());
      zlib.avail_out = static_cast<uInt>(out.size());
      deflate(&zlib, goes_on ? Z_NO_FLUSH : Z_FINISH);
      TRY(to.append({out.data(), out.size() - zlib.avail_out}));
    } while (zlib.avail_out == 0);
  }
  return {};
}

Status pack_zstd(ByteStream& from, File& to) {
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                        ZSTD_freeCCtx);
  if (!context) return Error(Fault::internal, "zstd cannot start");
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kZstdLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  Pieces in(kPackedPiece);
  Pieces out(kPackedPiece);
  for (bool goes_on = true; goes_on;) {
    std::size_t size = 0;
    TRY(goes_on, next_piece(from, in, size));
    ZSTD_inBuffer input{in.data(), size, 0};
    for (std::size_t left = 1; left > 0 && (input.pos < input.size || !goes_on);) {
      ZSTD_outBuffer output{out.data(), out.size(), 0};
      left = ZSTD_compressStream2(context.get(), &output, &input,
                                  goes_on ? ZSTD_e_continue : ZSTD_e_end);
      if (ZSTD_isError(left) != 0) return Error(Fault::internal, ZSTD_getErrorName(left));
      TRY(to.append({out.data(), output.pos}));
      if (goes_on) left = 1;  // It says what it would like to get.
    }
  }
  return {};
}

}  // namespace

Status pack(ByteStream& from, Compression compression, File& to) {
  LEAT_ASSERT(compression == Compression::gzip || compression == Compression::zstd);
  return compression == Compression::gzip ? pack_gzip(from, to) : pack_zstd(from, to);
}

}  // namespace leat::io
