#include "clients/zip/archive_writer.hpp"

#include <zlib.h>

#include <array>
#include <limits>
#include <utility>

namespace leat::zip {
namespace {

constexpr std::uint64_t kBytesMax = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kEntriesMax = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint32_t kLocalMark = 0x04034b50;
constexpr std::uint32_t kLengthsMark = 0x08074b50;
constexpr std::uint32_t kCentralMark = 0x02014b50;
constexpr std::uint32_t kEndMark = 0x06054b50;
constexpr std::uint16_t kVersion = 20;
constexpr std::uint16_t kFlags = 0x0808;  ///< Lengths stand behind the entry; names are UTF-8.
constexpr std::uint16_t kDeflated = 8;
constexpr std::uint16_t kFirstDay =
    0x0021;  ///< 1980-01-01: the time of writing is nobody's matter.
constexpr int kLevel = 4;

void put16(std::string& out, std::uint64_t value) {
  out += static_cast<char>(value & 0xFF);
  out += static_cast<char>(value >> 8 & 0xFF);
}

void put32(std::string& out, std::uint64_t value) {
  put16(out, value & 0xFFFF);
  put16(out, value >> 16);
}

Error too_large() {
  return Error(Fault::data, "the file would be 4 GiB or more, more than its format holds")
      .hint("publish fewer rows to it, or to parquet");
}

}  // namespace

struct ArchiveWriter::Deflate {
  z_stream stream{};
  std::array<char, 1 << 16> out{};
  bool is_open = false;

  ~Deflate() {
    if (is_open) deflateEnd(&stream);
  }
};

ArchiveWriter::ArchiveWriter(std::unique_ptr<io::File> file)
    : x_file(std::move(file)), x_deflate(std::make_unique<Deflate>()) {}

ArchiveWriter::~ArchiveWriter() = default;

Result<std::unique_ptr<ArchiveWriter>> ArchiveWriter::create(io::FileSystem& files,
                                                             const std::filesystem::path& path) {
  TRY(auto file, files.open(path, io::Open::create_new));
  return std::make_unique<ArchiveWriter>(std::move(file));
}

Status ArchiveWriter::append(std::string_view bytes) {
  x_at += bytes.size();
  if (x_at > kBytesMax) return too_large();
  return x_file->append(bytes);
}

Status ArchiveWriter::begin(const std::string& name) {
  auto& zip = *x_deflate;
  const int opened = zip.is_open ? deflateReset(&zip.stream)
                                 : deflateInit2(&zip.stream, kLevel, Z_DEFLATED, -MAX_WBITS, 8,
                                                Z_DEFAULT_STRATEGY);
  if (opened != Z_OK) return Error(Fault::external, "zlib has no memory");
  zip.is_open = true;
  x_entries.push_back({name, 0, 0, 0, x_at});
  std::string head;
  put32(head, kLocalMark);
  for (const auto value : {kVersion, kFlags, kDeflated, std::uint16_t{0}, kFirstDay}) {
    put16(head, value);
  }
  for (int i = 0; i < 3; ++i) put32(head, 0);  // Checksum and lengths: behind the entry.
  put16(head, name.size());
  put16(head, 0);
  return append(head + name);
}

Status ArchiveWriter::write(std::string_view bytes) {
  auto& entry = x_entries.back();
  entry.size += bytes.size();
  if (entry.size > kBytesMax) return too_large();
  const auto* start = reinterpret_cast<const Bytef*>(bytes.data());
  entry.checksum = static_cast<std::uint32_t>(crc32_z(entry.checksum, start, bytes.size()));
  return pack(bytes, false);
}

Status ArchiveWriter::pack(std::string_view bytes, bool is_last) {
  auto& zip = *x_deflate;
  while (!bytes.empty() || is_last) {
    const auto piece = bytes.substr(0, std::size_t{1} << 30);
    bytes.remove_prefix(piece.size());
    // zlib promises not to write to its input.
    zip.stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    zip.stream.avail_in = static_cast<uInt>(piece.size());
    do {
      zip.stream.next_out = reinterpret_cast<Bytef*>(zip.out.data());
      zip.stream.avail_out = static_cast<uInt>(zip.out.size());
      deflate(&zip.stream, is_last ? Z_FINISH : Z_NO_FLUSH);
      const auto made = zip.out.size() - zip.stream.avail_out;
      x_entries.back().packed += made;
      TRY(append({zip.out.data(), made}));
    } while (zip.stream.avail_out == 0);
    is_last = false;
  }
  return {};
}

Status ArchiveWriter::end() {
  TRY(pack({}, true));
  const auto& entry = x_entries.back();
  std::string tail;
  put32(tail, kLengthsMark);
  for (const auto value : {std::uint64_t{entry.checksum}, entry.packed, entry.size}) {
    put32(tail, value);
  }
  return append(tail);
}

Status ArchiveWriter::add(const std::string& name, std::string_view bytes) {
  TRY(begin(name));
  TRY(write(bytes));
  return end();
}

Status ArchiveWriter::close() {
  if (x_entries.size() > kEntriesMax) return too_large();
  std::string index;
  for (const auto& entry : x_entries) {
    put32(index, kCentralMark);
    for (const auto value : {kVersion, kVersion, kFlags, kDeflated, std::uint16_t{0}, kFirstDay}) {
      put16(index, value);
    }
    for (const auto value : {std::uint64_t{entry.checksum}, entry.packed, entry.size}) {
      put32(index, value);
    }
    put16(index, entry.name.size());
    for (int i = 0; i < 4; ++i) put16(index, 0);  // No more fields, no comment, the first disk.
    put32(index, 0);
    put32(index, entry.offset);
    index += entry.name;
  }
  const auto start = x_at;
  const auto size = index.size();
  put32(index, kEndMark);
  put32(index, 0);
  put16(index, x_entries.size());
  put16(index, x_entries.size());
  put32(index, size);
  put32(index, start);
  put16(index, 0);
  return append(index);
}

}  // namespace leat::zip
