#include "clients/arrow_ipc/unpack.hpp"

#include <lz4frame.h>
#include <zstd.h>

#include <cstring>
#include <memory>

#include "clients/arrow_ipc/broken.hpp"

namespace leat::arrow_ipc {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kRatioMax = 1'000;
constexpr std::uint64_t kBytesFree = 100'000'000;  ///< So many may come out whatever the ratio.

Error not_unpacked() { return broken("a packed buffer cannot be unpacked"); }

/// Fills `out` to its last byte, or not at all.
bool unpack_lz4(std::string_view frame, std::string& out) {
  LZ4F_dctx* made = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION)) != 0) return false;
  const std::unique_ptr<LZ4F_dctx, decltype(&LZ4F_freeDecompressionContext)> context(
      made, LZ4F_freeDecompressionContext);
  std::size_t done = 0;
  while (!frame.empty()) {
    std::size_t taken = frame.size();
    std::size_t got = out.size() - done;
    const auto left =
        LZ4F_decompress(context.get(), out.data() + done, &got, frame.data(), &taken, nullptr);
    if (LZ4F_isError(left) != 0 || (taken == 0 && got == 0)) return false;
    frame.remove_prefix(taken);
    done += got;
    if (left == 0) return done == out.size();
  }
  return false;
}

bool unpack_zstd(std::string_view frame, std::string& out) {
  return ZSTD_decompress(out.data(), out.size(), frame.data(), frame.size()) == out.size();
}

}  // namespace

Result<std::string_view> unpack(Codec codec, std::string_view packed, std::string& room) {
  if (packed.empty() || codec == Codec::none) return packed;
  if (packed.size() < kLengthBytes) return not_unpacked();
  std::int64_t length = 0;
  std::memcpy(&length, packed.data(), kLengthBytes);
  packed.remove_prefix(kLengthBytes);
  if (length == -1) return packed;
  const auto size = static_cast<std::uint64_t>(length);
  if (length < 0) return not_unpacked();
  if (size > kBytesFree && size / kRatioMax > packed.size()) {
    return Error(Fault::external, "a buffer unpacks to more than 1,000 times its size")
        .hint("if that is right, write the file without compression");
  }
  if (size == 0) return std::string_view();
  room.resize(size);
  const bool is_whole = codec == Codec::zstd ? unpack_zstd(packed, room) : unpack_lz4(packed, room);
  if (!is_whole) return not_unpacked();
  return std::string_view(room);
}

}  // namespace leat::arrow_ipc
