#include "clients/avro/file_writer.hpp"

#include <utility>

#include "clients/avro/codec.hpp"
#include "clients/avro/encode.hpp"

namespace leat::avro {
namespace {

constexpr std::size_t kBlockBytes = 1 << 20;
constexpr std::size_t kRowBytesMax = std::size_t{1} << 30;

}  // namespace

Result<std::unique_ptr<FileWriter>> FileWriter::create(io::FileSystem& files,
                                                       const std::filesystem::path& path,
                                                       const std::string& schema,
                                                       const std::string& codec) {
  TRY(auto file, files.open(path, io::Open::create_new));
  auto writer = std::make_unique<FileWriter>(std::move(file), codec);
  TRY(writer->begin(schema));
  return writer;
}

Status FileWriter::begin(const std::string& schema) {
  x_sync = io::sha256_of(schema).substr(0, kSyncBytes);
  std::string head(kMagic);
  append_long(head, 2);
  append_text(head, "avro.schema");
  append_text(head, schema);
  append_text(head, "avro.codec");
  append_text(head, x_codec);
  append_long(head, 0);
  return x_file->append(head + x_sync);
}

Status FileWriter::add_block(std::uint64_t rows, std::string_view packed) {
  std::string block;
  append_long(block, static_cast<std::int64_t>(rows));
  append_text(block, packed);
  block += x_sync;
  const std::lock_guard lock(x_mutex);
  x_rows += rows;
  return x_file->append(block);
}

Status FileWriter::add_file(FileReader& from) {
  for (;;) {
    TRY(const auto block, from.next());
    if (!block) return {};
    if (from.codec() == x_codec) {
      TRY(add_block(block->rows, block->packed));
      continue;
    }
    TRY(const auto bytes, from.unpack(*block));
    TRY(const auto packed, pack(x_codec, bytes));
    TRY(add_block(block->rows, packed));
  }
}

/// One thread's block under way.
class ChunksToFile::OneHand final : public Hand {
 public:
  explicit OneHand(FileWriter& writer) : x_writer(writer) {}

  Status write(std::span<const data::ColumnView> columns, std::uint32_t rows) override {
    for (std::uint32_t row = 0; row < rows; ++row) {
      for (const auto& column : columns) append_value(x_bytes, column, row);
      ++x_rows;
      if (x_bytes.size() >= kBlockBytes) TRY(flush());
    }
    return {};
  }

  Status finish() override { return x_rows > 0 ? flush() : Status(); }

 private:
  Status flush() {
    if (x_bytes.size() > kRowBytesMax) {
      return Error(Fault::data, "some row holds more than 1 GiB, more than an Avro block may");
    }
    TRY(const auto packed, pack(x_writer.codec(), x_bytes));
    x_bytes.clear();
    return x_writer.add_block(std::exchange(x_rows, 0), packed);
  }

  FileWriter& x_writer;
  std::string x_bytes;
  std::uint64_t x_rows = 0;
};

Result<std::unique_ptr<FileWriter>> ChunksToFile::make() {
  return FileWriter::create(x_files, x_path, schema_json(x_schema), x_codec);
}

std::unique_ptr<ChunkWriter::Hand> ChunksToFile::hand_on(FileWriter& file) {
  return std::make_unique<OneHand>(file);
}

}  // namespace leat::avro
