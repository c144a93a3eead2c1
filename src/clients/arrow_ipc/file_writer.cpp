#include "clients/arrow_ipc/file_writer.hpp"

#include <cstring>
#include <utility>

#include "clients/arrow_ipc/column_buffer.hpp"
#include "clients/arrow_ipc/messages.hpp"

namespace leat::arrow_ipc {
namespace {

constexpr std::string_view kHead{"ARROW1\0\0", 8};
constexpr std::string_view kEndOfStream{"\xFF\xFF\xFF\xFF\0\0\0\0", 8};
constexpr std::int16_t kVersion5 = 4;
constexpr std::uint64_t kBatchRows = 122'880;
constexpr std::size_t kBatchBytes = 64u << 20;

template <typename T>
void append_number(std::string& to, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  to.append(bytes, sizeof(T));
}

std::string message_of(FlatBuilder& builder, std::uint8_t kind, FlatBuilder::Ref header,
                       std::uint64_t body_bytes) {
  FlatBuilder::Table table(builder);
  table.scalar(3, static_cast<std::int64_t>(body_bytes)).reference(2, header);
  return builder.finish(table.scalar(0, kVersion5).scalar(1, kind).end());
}

std::string batch_message(std::uint64_t rows, const std::vector<std::uint64_t>& nulls,
                          const std::vector<Buffer>& buffers, std::uint64_t body_bytes) {
  FlatBuilder builder;
  std::string places;
  for (const auto& buffer : buffers) {
    append_number(places, buffer.offset);
    append_number(places, buffer.bytes);
  }
  std::string nodes;
  for (const auto count : nulls) {
    append_number(nodes, rows);
    append_number(nodes, count);
  }
  const auto buffer_list = builder.structs(places, static_cast<std::uint32_t>(buffers.size()));
  const auto node_list = builder.structs(nodes, static_cast<std::uint32_t>(nulls.size()));
  FlatBuilder::Table table(builder);
  table.scalar(0, static_cast<std::int64_t>(rows)).reference(1, node_list);
  const auto batch = table.reference(2, buffer_list).end();
  return message_of(builder, kBatchMessage, batch, body_bytes);
}

}  // namespace

Result<std::unique_ptr<FileWriter>> FileWriter::create(io::FileSystem& files,
                                                       const std::filesystem::path& path,
                                                       const data::Schema& schema, Form form) {
  TRY(auto file, files.open(path, io::Open::create_new));
  auto writer = std::make_unique<FileWriter>(std::move(file), schema, form);
  TRY(writer->begin());
  return writer;
}

Status FileWriter::begin() {
  if (x_form == Form::file) TRY(append(kHead));
  FlatBuilder builder;
  const auto schema = write_schema(builder, x_schema);
  return append_message(message_of(builder, kSchemaMessage, schema, 0), {});
}

Status FileWriter::append(std::string_view bytes) {
  TRY(x_file->append(bytes));
  x_at += bytes.size();
  return {};
}

Status FileWriter::append_message(const std::string& metadata, std::string_view body) {
  std::string head(kEndOfStream.substr(0, 4));
  append_number(head, static_cast<std::uint32_t>(metadata.size()));
  TRY(append(head + metadata));
  return append(body);
}

Status FileWriter::add_batch(const std::string& metadata, std::string_view body,
                             std::uint64_t rows) {
  const std::lock_guard lock(x_mutex);
  append_number(x_blocks, static_cast<std::int64_t>(x_at));
  append_number(x_blocks, static_cast<std::int32_t>(8 + metadata.size()));
  append_number(x_blocks, std::int32_t{0});
  append_number(x_blocks, static_cast<std::int64_t>(body.size()));
  x_rows += rows;
  return append_message(metadata, body);
}

Status FileWriter::add_file(MessageReader& from) {
  for (;;) {
    TRY(const auto batch, from.next());
    if (!batch) return {};
    TRY(const auto body, from.body_of(*batch));
    TRY(add_batch(batch->metadata, body, batch->rows));
  }
}

Status FileWriter::close() {
  constexpr std::size_t kBlockBytes = 24;
  TRY(append(kEndOfStream));
  if (x_form == Form::stream) return {};
  FlatBuilder builder;
  const auto blocks =
      builder.structs(x_blocks, static_cast<std::uint32_t>(x_blocks.size() / kBlockBytes));
  const auto none = builder.structs({}, 0);
  const auto schema = write_schema(builder, x_schema);
  FlatBuilder::Table table(builder);
  table.reference(1, schema).reference(2, none).reference(3, blocks);
  auto footer = builder.finish(table.scalar(0, kVersion5).end());
  append_number(footer, static_cast<std::int32_t>(footer.size()));
  return append(footer.append(kMagic));
}

/// One thread's record batch under way.
class ChunksToFile::OneHand final : public Hand {
 public:
  OneHand(FileWriter& writer, const data::Schema& schema) : x_writer(writer) {
    for (const auto& column : schema.columns) x_columns.emplace_back(column);
  }

  Status write(std::span<const data::ColumnView> columns, std::uint32_t rows) override {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!x_columns[i].add(columns[i], rows)) {
        return Error(Fault::data, "some rows hold more than 2 GiB of text in one column");
      }
      bytes += x_columns[i].bytes();
    }
    x_rows += rows;
    return x_rows >= kBatchRows || bytes >= kBatchBytes ? flush() : Status();
  }

  Status finish() override { return x_rows > 0 ? flush() : Status(); }

 private:
  Status flush() {
    std::string body;
    std::vector<Buffer> buffers;
    std::vector<std::uint64_t> nulls;
    for (auto& column : x_columns) {
      column.put_into(body, buffers);
      nulls.push_back(column.nulls());
      column.clear();
    }
    const auto rows = std::exchange(x_rows, 0);
    return x_writer.add_batch(batch_message(rows, nulls, buffers, body.size()), body, rows);
  }

  FileWriter& x_writer;
  std::vector<ColumnBuffer> x_columns;
  std::uint64_t x_rows = 0;
};

std::unique_ptr<ChunkWriter::Hand> ChunksToFile::hand_on(FileWriter& file) {
  return std::make_unique<OneHand>(file, x_schema);
}

Result<std::uint64_t> count_rows(io::FileSystem& files, const std::filesystem::path& path) {
  TRY(auto file, files.open(path, io::Open::read));
  TRY(const auto reader, MessageReader::open(std::move(file)));
  std::uint64_t rows = 0;
  for (;;) {
    TRY(const auto batch, reader->next());
    if (!batch) return rows;
    rows += batch->rows;
  }
}

Status require_whole(io::FileSystem& files, const std::filesystem::path& path) {
  TRY(auto file, files.open(path, io::Open::read));
  TRY(const auto reader, MessageReader::open(std::move(file)));
  for (;;) {
    TRY(const auto batch, reader->next());
    if (!batch) break;
  }
  if (reader->has_end()) return {};
  return Error(Fault::external, "the Arrow stream has no mark of its end: more was to follow")
      .hint("let its writer close it");
}

}  // namespace leat::arrow_ipc
