#include "connectors/postgres/copy_file.hpp"

#include <lz4.h>

#include <cstring>

namespace leat::connectors::postgres {
namespace {

constexpr std::string_view kSignature{"PGCOPY\n\377\r\n\0", 11};
constexpr std::string_view kMagic{"leat staged rows\n"};
constexpr std::size_t kFixedBytes = kMagic.size() + sizeof(std::uint32_t);
constexpr std::size_t kBlockMax = std::size_t{16} << 20;

/// Before each block of packed rows. Zeros: there are no more.
struct BlockHead {
  std::uint32_t bytes = 0;   ///< As they are.
  std::uint32_t packed = 0;  ///< As they lie there.
};

Error cut_off() { return Error(Fault::external, "a file of staged rows is cut off"); }
Error damaged() { return Error(Fault::external, "a file of staged rows is damaged"); }

/// What is left of a file behind its header, piece by piece.
class Pieces {
 public:
  Pieces(io::File& file, std::uint64_t offset, std::size_t piece_bytes)
      : x_file(file), x_offset(offset), x_piece_bytes(piece_bytes) {}

  /// Whole rows; empty at the end.
  Result<std::string_view> next() {
    x_bytes.erase(0, x_taken);
    x_taken = 0;
    for (std::size_t wanted = x_piece_bytes;; wanted *= 2) {
      while (x_bytes.size() < wanted && !x_is_read) TRY(read_block());
      while (const auto size = row_size(std::string_view(x_bytes).substr(x_taken))) x_taken += size;
      if (x_taken > 0 || x_bytes.empty()) return std::string_view(x_bytes).substr(0, x_taken);
      if (x_is_read) return damaged();
    }
  }

 private:
  Status read_block() {
    BlockHead head;
    TRY(read(&head, sizeof(head)));
    x_is_read = head.bytes == 0 && head.packed == 0;
    if (x_is_read) return {};
    const auto packed_max = std::size_t(LZ4_compressBound(int(kBlockMax)));
    if (head.bytes > kBlockMax || head.packed > packed_max) return damaged();
    x_packed.resize(head.packed);
    TRY(read(x_packed.data(), head.packed));
    const auto before = x_bytes.size();
    x_bytes.resize(before + head.bytes);
    const auto bytes = LZ4_decompress_safe(x_packed.data(), x_bytes.data() + before,
                                           int(head.packed), int(head.bytes));
    if (bytes != int(head.bytes)) return damaged();
    return {};
  }

  Status read(void* out, std::size_t size) {
    TRY(const auto got, x_file.read_at(x_offset, static_cast<char*>(out), size));
    if (got != size) return cut_off();
    x_offset += size;
    return {};
  }

  io::File& x_file;
  std::uint64_t x_offset;
  std::size_t x_piece_bytes;
  std::string x_bytes;
  std::string x_packed;
  std::size_t x_taken = 0;
  bool x_is_read = false;
};

Result<std::string> read_signature(io::File& file) {
  std::string head(kFixedBytes, '\0');
  TRY(const auto size, file.read_at(0, head.data(), head.size()));
  if (size != head.size() || !head.starts_with(kMagic)) {
    return Error(Fault::external, "a file of staged rows has no header")
        .hint("of a held publish: discard it and run again");
  }
  std::uint32_t length = 0;
  std::memcpy(&length, head.data() + kMagic.size(), sizeof(length));
  if (length > kBlockMax) return damaged();
  std::string signature(length, '\0');
  TRY(const auto more, file.read_at(kFixedBytes, signature.data(), signature.size()));
  signature.resize(more);
  return signature;
}

}  // namespace

std::string signature_of(const std::vector<WireColumn>& columns) {
  std::string text = "leat 2";
  for (const auto& column : columns) {
    text += " " + std::to_string(int(column.wire)) + ":" + data::sql_of(column.type);
  }
  return text;
}

std::string copy_header() {
  WireBytes bytes;
  bytes.put(kSignature);
  bytes.put_number(std::int32_t{0});
  bytes.put_number(std::int32_t{0});
  return std::string(bytes.view());
}

std::string copy_end() { return "\xff\xff"; }

std::string pack_rows(std::string_view rows) {
  std::string out;
  while (!rows.empty()) {
    const auto block = rows.substr(0, kBlockMax);
    const auto at = out.size();
    const auto room = LZ4_compressBound(int(block.size()));
    out.resize(at + sizeof(BlockHead) + std::size_t(room));
    char* packed = out.data() + at + sizeof(BlockHead);
    const auto size = LZ4_compress_default(block.data(), packed, int(block.size()), room);
    const BlockHead head{std::uint32_t(block.size()), std::uint32_t(size)};
    std::memcpy(out.data() + at, &head, sizeof(head));
    out.resize(at + sizeof(BlockHead) + std::size_t(size));
    rows.remove_prefix(block.size());
  }
  return out;
}

Result<std::unique_ptr<CopyFile>> CopyFile::create(io::FileSystem& files,
                                                   const std::filesystem::path& path,
                                                   const std::string& signature) {
  TRY(files.remove(path));
  TRY(auto file, files.open(path, io::Open::create_new));
  const auto length = std::uint32_t(signature.size());
  std::string head(kMagic);
  head.append(reinterpret_cast<const char*>(&length), sizeof(length));
  TRY(file->append(head + signature));
  return std::make_unique<CopyFile>(std::move(file));
}

Status CopyFile::finish() {
  TRY(x_file->append(std::string(sizeof(BlockHead), '\0')));
  x_file.reset();
  return {};
}

Status read_rows(io::FileSystem& files, const std::filesystem::path& path,
                 const std::string& signature, std::size_t piece_bytes,
                 const std::function<Status(std::string_view rows)>& take) {
  TRY(const auto file, files.open(path, io::Open::read));
  TRY(const auto found, read_signature(*file));
  if (found != signature) {
    return Error(Fault::config, "the rows were staged for other columns than the table has now")
        .refused()
        .hint("discard them and run again");
  }
  Pieces pieces(*file, kFixedBytes + signature.size(), piece_bytes);
  for (;;) {
    TRY(const auto rows, pieces.next());
    if (rows.empty()) return {};
    TRY(take(rows));
  }
}

}  // namespace leat::connectors::postgres
