#include "clients/parquet_levels/unpack.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "io/decompress.hpp"

namespace leat::parquet_levels {
namespace {

/// A page as a file, for those who unpack files.
class PageFile final : public io::File {
 public:
  explicit PageFile(std::string_view bytes) : x_bytes(bytes) {}

  Result<std::size_t> read_at(std::uint64_t offset, char* buffer, std::size_t size) override {
    if (offset >= x_bytes.size()) return std::size_t{0};
    const auto part = x_bytes.substr(offset, size);
    std::memcpy(buffer, part.data(), part.size());
    return part.size();
  }
  Status append(std::string_view) override { return read_only(); }
  Status sync() override { return {}; }
  Status truncate(std::uint64_t) override { return read_only(); }
  Result<io::FileStat> stat() override {
    io::FileStat stat;
    stat.size = x_bytes.size();
    return stat;
  }

 private:
  static Status read_only() { return Error(Fault::internal, "a page is only read"); }

  std::string_view x_bytes;
};

constexpr std::size_t kStepBytes = 1 << 20;

Error broken() { return {Fault::external, "a page cannot be unpacked"}; }

Result<std::string> unpack_as_file(io::Compression compression, std::string_view packed,
                                   std::size_t size) {
  const auto stream = io::unpack_stream(std::make_unique<PageFile>(packed), "a page", compression);
  // What a page says of its size is not believed before its bytes are there.
  std::string out;
  while (out.size() < size) {
    const std::size_t filled = out.size();
    out.resize(filled + std::min(size - filled, kStepBytes));
    TRY(const auto got, stream->read(out.data() + filled, out.size() - filled));
    if (got == 0) return broken();
    out.resize(filled + got);
  }
  return out;
}

/// Copies from what was unpacked already; the two may overlap.
bool copy_back(std::string& out, std::size_t offset, std::size_t length, std::size_t size) {
  if (offset == 0 || offset > out.size() || length > size - out.size()) return false;
  for (std::size_t i = 0; i < length; ++i) out += out[out.size() - offset];
  return true;
}

/// Little-endian bytes at the start of `from`, which they leave.
std::optional<std::size_t> take_number(std::string_view& from, std::size_t bytes) {
  if (from.size() < bytes) return std::nullopt;
  std::size_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    value |= std::size_t{static_cast<std::uint8_t>(from[i])} << (8 * i);
  }
  from.remove_prefix(bytes);
  return value;
}

bool take_literal(std::string& out, std::string_view& from, std::size_t length, std::size_t size) {
  if (length > from.size() || length > size - out.size()) return false;
  out += from.substr(0, length);
  from.remove_prefix(length);
  return true;
}

bool snappy_element(std::string& out, std::string_view& from, std::size_t size) {
  const auto tag = *take_number(from, 1);
  const std::size_t high = tag >> 2;
  if ((tag & 3) == 0) {
    const auto longer = high < 60 ? std::optional<std::size_t>(high) : take_number(from, high - 59);
    return longer && take_literal(out, from, *longer + 1, size);
  }
  if ((tag & 3) == 1) {
    const auto low = take_number(from, 1);
    return low && copy_back(out, ((tag >> 5) << 8) | *low, 4 + (high & 7), size);
  }
  const auto offset = take_number(from, (tag & 3) == 2 ? 2 : 4);
  return offset && copy_back(out, *offset, high + 1, size);
}

/// A length of 15 goes on in further bytes.
std::optional<std::size_t> lz4_length(std::string_view& from, std::size_t length) {
  if (length != 15) return length;
  while (true) {
    const auto more = take_number(from, 1);
    if (!more) return std::nullopt;
    length += *more;
    if (*more != 255) return length;
  }
}

}  // namespace

bool is_known(std::int64_t codec) { return (codec >= 0 && codec <= 2) || codec == 6 || codec == 7; }

std::optional<std::string> unpack_snappy(std::string_view packed, std::size_t size) {
  std::size_t said = 0;
  for (int shift = 0;; shift += 7) {
    const auto next = take_number(packed, 1);
    if (!next || shift > 28) return std::nullopt;
    said |= (*next & 0x7F) << shift;
    if ((*next & 0x80) == 0) break;
  }
  if (said != size) return std::nullopt;
  std::string out;
  while (!packed.empty()) {
    if (!snappy_element(out, packed, size)) return std::nullopt;
  }
  if (out.size() != size) return std::nullopt;
  return out;
}

std::optional<std::string> unpack_lz4(std::string_view packed, std::size_t size) {
  std::string out;
  while (!packed.empty()) {
    const auto token = *take_number(packed, 1);
    const auto literal = lz4_length(packed, token >> 4);
    if (!literal || !take_literal(out, packed, *literal, size)) return std::nullopt;
    if (packed.empty()) break;
    const auto offset = take_number(packed, 2);
    const auto length = offset ? lz4_length(packed, token & 15) : std::nullopt;
    if (!length || !copy_back(out, *offset, *length + 4, size)) return std::nullopt;
  }
  if (out.size() != size) return std::nullopt;
  return out;
}

Result<std::string> unpack(Codec codec, std::string_view packed, std::size_t size) {
  std::optional<std::string> out;
  switch (codec) {
    case Codec::none: out = std::string(packed); break;
    case Codec::snappy: out = unpack_snappy(packed, size); break;
    case Codec::lz4_raw: out = unpack_lz4(packed, size); break;
    case Codec::gzip: return unpack_as_file(io::Compression::gzip, packed, size);
    case Codec::zstd: return unpack_as_file(io::Compression::zstd, packed, size);
  }
  if (!out || out->size() != size) return broken();
  return std::move(*out);
}

}  // namespace leat::parquet_levels
