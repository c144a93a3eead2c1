#include "clients/arrow_ipc/messages.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace leat::arrow_ipc {
namespace {

constexpr std::uint64_t kFileHead = 8;  ///< The magic, padded.
constexpr std::uint64_t kFileTail = 10;
constexpr std::uint32_t kContinuation = 0xFFFFFFFF;
constexpr std::uint64_t kMetadataMax = 256u << 20;
constexpr std::uint64_t kRowsMax = std::uint64_t{1} << 40;
constexpr std::uint8_t kDictionary = 2;
constexpr std::size_t kBlockBytes = 24;  ///< Of the footer: where a batch lies, and how long it is.

Error broken(std::string_view what) {
  return Error(Fault::external, "the Arrow data is broken: " + std::string(what))
      .hint("fetch it again, or write it anew");
}

Error cut_off() {
  return Error(Fault::external, "the Arrow data has no end: it was cut off, or is being written")
      .hint("fetch it again, or wait until it is whole");
}

Error has_dictionaries() {
  return Error(Fault::config, "dictionary batches are not read yet")
      .hint("write it with plain columns");
}

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::size_t buffers_of(Layout layout) {
  switch (layout) {
    case Layout::nothing: return 0;
    case Layout::bits:
    case Layout::plain: return 2;
    default: return 3;
  }
}

/// Do the buffers of a column hold `rows` values?
bool holds(const Field& field, const Buffer* buffers, std::uint64_t rows, std::uint64_t nulls) {
  const auto bits = (rows + 7) / 8;
  if (field.layout == Layout::nothing || rows == 0) return true;
  if (nulls > 0 && buffers[0].bytes < bits) return false;
  switch (field.layout) {
    case Layout::bits: return buffers[1].bytes >= bits;
    case Layout::offsets_32: return buffers[1].bytes / 4 >= rows + 1;
    case Layout::offsets_64: return buffers[1].bytes / 8 >= rows + 1;
    default: return buffers[1].bytes / field.width >= rows;
  }
}

}  // namespace

Result<std::unique_ptr<MessageReader>> MessageReader::open(std::unique_ptr<io::File> file) {
  auto reader = std::make_unique<MessageReader>(std::move(file));
  TRY(reader->begin());
  return reader;
}

Result<std::string> MessageReader::bytes_at(std::uint64_t offset, std::uint64_t size) const {
  if (offset > x_size || x_size - offset < size) return cut_off();
  std::string bytes(size, '\0');
  TRY(const auto got, x_file->read_at(offset, bytes.data(), size));
  if (got != size) return cut_off();
  return bytes;
}

Status MessageReader::begin() {
  TRY(const auto stat, x_file->stat());
  x_size = stat.size;
  if (x_size < kFileHead) return Error(Fault::config, "this is no Arrow IPC file or stream");
  TRY(const auto head, bytes_at(0, kFileHead));
  x_is_file = head.starts_with(kMagic);
  if (x_is_file) TRY(require_end());
  if (!x_is_file && number_at(head, 0) != kContinuation) {
    return Error(Fault::config, "this is no Arrow IPC file or stream");
  }
  x_at = x_is_file ? kFileHead : 0;
  if (x_is_file) {
    TRY(const auto first, bytes_at(kFileHead, 8));
    if (number_at(first, 0) != kContinuation) return begin_by_footer();
  }
  TRY(const auto message, next_message());
  if (!message || message->kind != kSchemaMessage) return broken("it does not begin with a schema");
  x_schema_metadata = message->place.metadata;
  FlatReader flat(x_schema_metadata);
  const auto schema = flat.root().table(2);
  if (!schema || flat.is_broken()) return broken("its schema cannot be read");
  TRY(x_fields, read_fields(flat, *schema));
  return {};
}

/// The schema stands in the footer too, and only there where a writer (polars) leaves something
/// else than a message at the head of its file.
Status MessageReader::begin_by_footer() {
  TRY(const auto tail, bytes_at(x_size - kFileTail, kFileTail));
  const std::uint64_t size = number_at(tail, 0);
  if (size > kMetadataMax || size > x_size - kFileHead - kFileTail) {
    return broken("its footer cannot be read");
  }
  TRY(x_schema_metadata, bytes_at(x_size - kFileTail - size, size));
  FlatReader flat(x_schema_metadata);
  auto footer = flat.root();
  const auto schema = footer.table(1);
  const auto blocks = footer.list(3, kBlockBytes);
  if (!schema || flat.is_broken()) return broken("its footer cannot be read");
  if (footer.list(2, kBlockBytes).size > 0) return has_dictionaries();
  TRY(x_fields, read_fields(flat, *schema));
  std::uint64_t first = x_size;
  for (std::uint32_t i = 0; i < blocks.size; ++i) {
    const auto at = flat.at<std::int64_t>(blocks.at + i * kBlockBytes);
    if (at >= std::int64_t(kFileHead)) first = std::min(first, std::uint64_t(at));
  }
  if (flat.is_broken()) return broken("its footer cannot be read");
  x_at = first;
  x_has_end = blocks.size == 0;
  return {};
}

/// A file ends with its footer; a stream may just end.
Status MessageReader::require_end() const {
  if (x_size < kFileHead + kFileTail) return cut_off();
  TRY(const auto tail, bytes_at(x_size - kMagic.size(), kMagic.size()));
  if (tail != kMagic) return cut_off();
  return {};
}

Result<std::optional<MessageReader::Message>> MessageReader::next_message() {
  if (x_at == x_size && (!x_is_file || x_has_end)) return std::optional<Message>();
  TRY(const auto head, bytes_at(x_at, 8));
  if (number_at(head, 0) != kContinuation)
    return broken("a message does not begin where it should");
  const std::uint64_t size = number_at(head, 4);
  if (size == 0) {
    if (!x_is_file && x_at + 8 != x_size) return broken("something follows the end of the stream");
    x_has_end = true;
    return std::optional<Message>();
  }
  if (size > kMetadataMax) return broken("a message is too long");
  Message message;
  TRY(message.place.metadata, bytes_at(x_at + 8, size));
  FlatReader flat(message.place.metadata);
  auto root = flat.root();
  message.kind = root.scalar<std::uint8_t>(1, 0);
  message.place.message = x_at;
  message.place.message_bytes = static_cast<std::uint32_t>(8 + size);
  const auto body = root.scalar<std::int64_t>(3, 0);
  if (flat.is_broken() || body < 0) return broken("a message cannot be read");
  message.place.body_bytes = static_cast<std::uint64_t>(body);
  const auto start = message.place.body();
  if (start > x_size || x_size - start < message.place.body_bytes) return cut_off();
  x_at = start + message.place.body_bytes;
  return std::optional<Message>(std::move(message));
}

Result<std::optional<BatchPlace>> MessageReader::next() {
  TRY(auto message, next_message());
  if (!message) return std::optional<BatchPlace>();
  if (message->kind == kDictionary) return has_dictionaries();
  if (message->kind != kBatchMessage) return broken("a message is no record batch");
  FlatReader flat(message->place.metadata);
  auto batch = flat.root().table(2);
  if (!batch) return broken("a record batch is empty");
  const auto rows = batch->scalar<std::int64_t>(0, 0);
  if (flat.is_broken() || rows < 0 || static_cast<std::uint64_t>(rows) > kRowsMax) {
    return broken("a record batch cannot be read");
  }
  message->place.rows = static_cast<std::uint64_t>(rows);
  return std::optional<BatchPlace>(std::move(message->place));
}

Result<std::string> MessageReader::body_of(const BatchPlace& batch) {
  return bytes_at(batch.body(), batch.body_bytes);
}

Result<BatchColumns> columns_of(const BatchPlace& batch, const std::vector<Field>& fields) {
  FlatReader flat(batch.metadata);
  auto table = *flat.root().table(2);
  if (table.has(3)) {
    return Error(Fault::config, "its record batches are compressed, which is not read yet")
        .hint("write it without compression");
  }
  BatchColumns columns;
  columns.rows = batch.rows;
  const auto nodes = table.list(1, 16);
  const auto buffers = table.list(2, 16);
  if (nodes.size != fields.size()) return broken("a record batch has other columns");
  for (std::uint32_t i = 0; i < buffers.size; ++i) {
    const auto offset = flat.at<std::int64_t>(buffers.at + i * 16ULL);
    const auto bytes = flat.at<std::int64_t>(buffers.at + i * 16ULL + 8);
    const bool fits =
        offset >= 0 && bytes >= 0 && static_cast<std::uint64_t>(offset) <= batch.body_bytes &&
        batch.body_bytes - static_cast<std::uint64_t>(offset) >= static_cast<std::uint64_t>(bytes);
    if (!fits) return broken("a buffer lies outside of its record batch");
    columns.buffers.push_back(
        {static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(bytes)});
  }
  std::size_t first = 0;
  for (std::uint32_t i = 0; i < nodes.size; ++i) {
    const auto rows = flat.at<std::int64_t>(nodes.at + i * 16ULL);
    const auto nulls = flat.at<std::int64_t>(nodes.at + i * 16ULL + 8);
    const auto needed = buffers_of(fields[i].layout);
    if (rows != static_cast<std::int64_t>(batch.rows) || nulls < 0 || nulls > rows ||
        first + needed > columns.buffers.size() ||
        !holds(fields[i], columns.buffers.data() + first, batch.rows,
               static_cast<std::uint64_t>(nulls))) {
      return broken("column `" + fields[i].name + "` has too few values");
    }
    columns.nulls.push_back(static_cast<std::uint64_t>(nulls));
    first += needed;
  }
  if (flat.is_broken() || first != columns.buffers.size()) {
    return broken("a record batch has other buffers than its columns need");
  }
  return columns;
}

}  // namespace leat::arrow_ipc
