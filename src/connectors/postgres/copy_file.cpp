#include "connectors/postgres/copy_file.hpp"

namespace leat::connectors::postgres {
namespace {

constexpr std::string_view kSignature{"PGCOPY\n\377\r\n\0", 11};
constexpr std::size_t kFixedBytes = kSignature.size() + 8;

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
      TRY(fill(wanted));
      std::size_t whole = 0;
      while (const auto size = row_size(rest(whole))) whole += size;
      x_taken = whole;
      if (whole > 0 || is_at_end()) return std::string_view(x_bytes).substr(0, whole);
      if (x_is_read) return Error(Fault::external, "a file of staged rows is cut off");
    }
  }

 private:
  /// The end is a row of -1 fields.
  std::string_view rest(std::size_t from) const {
    const auto rows = std::string_view(x_bytes).substr(from);
    return rows.starts_with("\xff\xff") ? std::string_view() : rows;
  }
  bool is_at_end() const { return x_bytes == "\xff\xff"; }

  Status fill(std::size_t wanted) {
    while (x_bytes.size() < wanted && !x_is_read) {
      const auto before = x_bytes.size();
      x_bytes.resize(wanted);
      TRY(const auto size, x_file.read_at(x_offset, x_bytes.data() + before, wanted - before));
      x_bytes.resize(before + size);
      x_offset += size;
      x_is_read = size == 0;
    }
    return {};
  }

  io::File& x_file;
  std::uint64_t x_offset;
  std::size_t x_piece_bytes;
  std::string x_bytes;
  std::size_t x_taken = 0;
  bool x_is_read = false;
};

Result<std::string> read_signature(io::File& file) {
  std::string head(kFixedBytes, '\0');
  TRY(const auto size, file.read_at(0, head.data(), head.size()));
  if (size != head.size() || !head.starts_with(kSignature)) {
    return Error(Fault::external, "a file of staged rows has no header");
  }
  std::string signature(read_number<std::uint32_t>(head.data() + kSignature.size() + 4), '\0');
  TRY(const auto more, file.read_at(kFixedBytes, signature.data(), signature.size()));
  signature.resize(more);
  return signature;
}

}  // namespace

std::string signature_of(const std::vector<WireColumn>& columns) {
  std::string text = "leat 1";
  for (const auto& column : columns) {
    text += " " + std::to_string(int(column.wire)) + ":" + data::sql_of(column.type);
  }
  return text;
}

std::string copy_header(const std::string& signature) {
  WireBytes bytes;
  bytes.put(kSignature);
  bytes.put_number(std::int32_t{0});
  bytes.put_number(std::int32_t(signature.size()));
  bytes.put(signature);
  return std::string(bytes.view());
}

std::string copy_end() { return "\xff\xff"; }

Result<std::unique_ptr<CopyFile>> CopyFile::create(io::FileSystem& files,
                                                   const std::filesystem::path& path,
                                                   const std::string& signature) {
  TRY(files.remove(path));
  TRY(auto file, files.open(path, io::Open::create_new));
  TRY(file->append(copy_header(signature)));
  return std::make_unique<CopyFile>(std::move(file));
}

Status CopyFile::finish() {
  TRY(x_file->append(copy_end()));
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
