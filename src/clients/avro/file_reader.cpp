#include "clients/avro/file_reader.hpp"

#include <algorithm>
#include <utility>

#include "clients/avro/codec.hpp"
#include "clients/avro/cursor.hpp"

namespace leat::avro {
namespace {

/// Two numbers of at most ten bytes.
constexpr std::size_t kBlockHeadBytes = 20;
constexpr std::uint64_t kHeaderBytesFirst = 64u << 10;
constexpr std::uint64_t kHeaderBytesMax = 64u << 20;
constexpr std::uint64_t kPackedBytesMax = std::uint64_t{1} << 30;
/// Rows without any byte could be claimed without end.
constexpr std::uint64_t kFreeRows = 1 << 20;

Error cut_off(const std::string& where) {
  return Error(Fault::external, "the Avro file is cut off " + where).hint("fetch it again");
}

Error broken_file(const std::string& what) {
  return Error(Fault::external, "the Avro file is broken: " + what).hint("fetch it again");
}

}  // namespace

Result<std::unique_ptr<FileReader>> FileReader::open(std::unique_ptr<io::File> file) {
  auto reader = std::make_unique<FileReader>(std::move(file));
  TRY(reader->begin());
  return reader;
}

Result<std::string> FileReader::bytes_at(std::uint64_t offset, std::uint64_t size) const {
  std::string bytes(size, '\0');
  TRY(const std::size_t got, x_file->read_at(offset, bytes.data(), size));
  if (got < size) return cut_off("at byte " + std::to_string(offset + got));
  return bytes;
}

Status FileReader::begin() {
  TRY(const auto stat, x_file->stat());
  x_size = stat.size;
  std::string magic(kMagic.size(), '\0');
  TRY(const std::size_t got, x_file->read_at(0, magic.data(), magic.size()));
  magic.resize(got);
  if (magic != kMagic) return Error(Fault::config, "it is no Avro file");
  TRY(read_header());
  TRY(require_codec(x_codec));
  TRY(x_types, parse_types(x_schema));
  TRY(x_fields, fields_of(x_types));
  return {};
}

Status FileReader::read_header() {
  const auto most = std::min(x_size - kMagic.size(), kHeaderBytesMax);
  for (auto size = std::min(most, kHeaderBytesFirst);; size = std::min(most, size * 8)) {
    TRY(const auto bytes, bytes_at(kMagic.size(), size));
    const bool is_whole = take_header(bytes);
    if (!is_whole && size < most) continue;
    if (!is_whole) return cut_off("in its header");
    break;
  }
  if (x_schema.empty()) return broken_file("its header has no schema");
  if (x_codec.empty()) x_codec = "null";
  return {};
}

/// False when it does not end within these bytes.
bool FileReader::take_header(std::string_view bytes) {
  Cursor cursor(bytes);
  for (;;) {
    const auto count = cursor.read_long();
    if (count == 0 || cursor.is_broken()) break;
    if (count < 0) cursor.read_long();
    const auto entries =
        count < 0 ? ~static_cast<std::uint64_t>(count) + 1 : static_cast<std::uint64_t>(count);
    for (auto left = entries; left > 0 && !cursor.is_broken(); --left) {
      const auto key = cursor.read_text();
      const auto value = cursor.read_text();
      if (key == "avro.schema") x_schema = value;
      if (key == "avro.codec") x_codec = value;
    }
  }
  x_sync = cursor.take(kSyncBytes);
  x_at = kMagic.size() + static_cast<std::uint64_t>(cursor.at() - bytes.data());
  return !cursor.is_broken();
}

Result<std::optional<Block>> FileReader::next() {
  if (x_at == x_size) return std::optional<Block>();
  Block block;
  block.number = ++x_blocks;
  block.offset = x_at;
  TRY(const auto head, bytes_at(x_at, std::min<std::uint64_t>(kBlockHeadBytes, x_size - x_at)));
  Cursor cursor(head);
  const auto rows = cursor.read_long();
  const auto bytes = cursor.read_long();
  const auto where =
      "in block " + std::to_string(block.number) + " at byte " + std::to_string(block.offset);
  if (cursor.is_broken() && head.size() < kBlockHeadBytes) return cut_off(where);
  if (cursor.is_broken() || rows < 0 || bytes < 0) {
    return broken(block, "its length is no number");
  }
  block.rows = static_cast<std::uint64_t>(rows);
  const auto size = static_cast<std::uint64_t>(bytes);
  x_at += static_cast<std::uint64_t>(cursor.at() - head.data());
  if (size > x_size - x_at || kSyncBytes > x_size - x_at - size) return cut_off(where);
  if (size > kPackedBytesMax) return broken(block, "it has more than 1 GiB");
  TRY(block.packed, bytes_at(x_at, size + kSyncBytes));
  if (std::string_view(block.packed).substr(size) != x_sync) {
    return broken(block, "its end mark is another one");
  }
  block.packed.resize(size);
  x_at += size + kSyncBytes;
  return std::optional(std::move(block));
}

Result<std::string> FileReader::unpack(const Block& block) const {
  auto bytes = avro::unpack(x_codec, block.packed);
  if (!bytes.ok()) {
    return broken(block, bytes.error().message());
  }
  if (block.rows > bytes->size() + kFreeRows) {
    return broken(block, "it claims " + std::to_string(block.rows) + " rows in " +
                             std::to_string(bytes->size()) + " bytes");
  }
  return bytes;
}

Error FileReader::broken(const Block& block, const std::string& what) {
  return broken_file("block " + std::to_string(block.number) + " at byte " +
                     std::to_string(block.offset) + ": " + what);
}

Result<std::uint64_t> count_rows(io::FileSystem& files, const std::filesystem::path& path) {
  TRY(auto file, files.open(path, io::Open::read));
  TRY(const auto reader, FileReader::open(std::move(file)));
  std::uint64_t rows = 0;
  for (;;) {
    TRY(const auto block, reader->next());
    if (!block) return rows;
    rows += block->rows;
  }
}

}  // namespace leat::avro
