#include "clients/arrow_ipc/messages.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "clients/arrow_ipc/batch_buffers.hpp"
#include "clients/arrow_ipc/broken.hpp"

namespace leat::arrow_ipc {
namespace {

constexpr std::uint64_t kFileHead = 8;  ///< The magic, padded.
constexpr std::uint64_t kFileTail = 10;
constexpr std::uint32_t kContinuation = 0xFFFFFFFF;
constexpr std::uint64_t kMetadataMax = 256u << 20;
constexpr std::uint8_t kDictionary = 2;
constexpr std::size_t kBlockBytes = 24;  ///< Of the footer: where a batch lies, and how long it is.

Error cut_off() {
  return Error(Fault::external, "the Arrow data has no end: it was cut off, or is being written")
      .hint("fetch it again, or wait until it is whole");
}

Error no_footer() { return broken("its footer cannot be read"); }

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
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

Result<std::string> MessageReader::footer() const {
  TRY(const auto tail, bytes_at(x_size - kFileTail, kFileTail));
  const std::uint64_t size = number_at(tail, 0);
  if (size > kMetadataMax || size > x_size - kFileHead - kFileTail) return no_footer();
  return bytes_at(x_size - kFileTail - size, size);
}

/// The schema stands in the footer too, and only there where a writer (polars) leaves something
/// else than a message at the head of its file.
Status MessageReader::begin_by_footer() {
  TRY(x_schema_metadata, footer());
  FlatReader flat(x_schema_metadata);
  auto root = flat.root();
  const auto schema = root.table(1);
  const auto blocks = root.list(3, kBlockBytes);
  if (!schema || flat.is_broken()) return no_footer();
  TRY(x_fields, read_fields(flat, *schema));
  std::uint64_t first = x_size;
  for (std::uint32_t i = 0; i < blocks.size; ++i) {
    const auto at = flat.at<std::int64_t>(blocks.at + i * kBlockBytes);
    if (at >= std::int64_t(kFileHead)) first = std::min(first, std::uint64_t(at));
  }
  if (flat.is_broken()) return no_footer();
  x_at = first;
  x_has_end = blocks.size == 0;
  return {};
}

/// In a file they may stand behind the record batches that need them.
Status MessageReader::read_dictionaries() {
  if (!use_dictionaries(x_fields)) {
    x_has_dictionaries = true;
    return {};
  }
  TRY(const auto bytes, footer());
  FlatReader flat(bytes);
  const auto blocks = flat.root().list(2, kBlockBytes);
  const auto back = x_at;
  for (std::uint32_t i = 0; i < blocks.size; ++i) {
    const auto at = flat.at<std::int64_t>(blocks.at + i * kBlockBytes);
    if (flat.is_broken() || at < std::int64_t(kFileHead)) return no_footer();
    x_at = std::uint64_t(at);
    TRY(const auto message, next_message());
    if (!message || message->kind != kDictionary) return no_footer();
    TRY(add_dictionary(message->place));
  }
  x_at = back;
  x_has_dictionaries = true;
  return flat.is_broken() ? Status(no_footer()) : Status();
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
  if (x_is_file && !x_has_dictionaries) TRY(read_dictionaries());
  TRY(auto message, next_message());
  while (message && message->kind == kDictionary) {
    if (!x_is_file) TRY(add_dictionary(message->place));
    TRY(message, next_message());
  }
  if (!message) return std::optional<BatchPlace>();
  if (message->kind != kBatchMessage) return broken("a message is no record batch");
  FlatReader flat(message->place.metadata);
  auto batch = flat.root().table(2);
  if (!batch) return broken("a record batch is empty");
  const auto rows = batch->scalar<std::int64_t>(0, 0);
  if (flat.is_broken() || rows < 0 || static_cast<std::uint64_t>(rows) > kRowsMax) {
    return broken("a record batch cannot be read");
  }
  message->place.rows = static_cast<std::uint64_t>(rows);
  message->place.dictionaries = x_dictionaries;
  return std::optional<BatchPlace>(std::move(message->place));
}

Result<std::string> MessageReader::body_of(const BatchPlace& batch) const {
  return bytes_at(batch.body(), batch.body_bytes);
}

Result<PlainBatch> MessageReader::read(const BatchPlace& batch) const {
  FlatReader flat(batch.metadata);
  auto table = flat.root().table(2);
  if (!table) return broken("a record batch is empty");
  TRY(auto body, body_of(batch));
  return read_batch({flat, *table, std::move(body)}, x_fields, *batch.dictionaries);
}

/// Batches that came before keep the dictionaries as they were.
Status MessageReader::add_dictionary(const BatchPlace& message) {
  FlatReader flat(message.metadata);
  auto header = flat.root().table(2);
  auto table = header ? header->table(1) : std::nullopt;
  if (!table || flat.is_broken()) return broken("a dictionary cannot be read");
  const auto id = header->scalar<std::int64_t>(0, 0);
  const auto rows = table->scalar<std::int64_t>(0, 0);
  const auto* user = user_of(x_fields, id);
  if (user == nullptr) return {};
  if (rows < 0 || std::uint64_t(rows) > kRowsMax) return broken("a dictionary cannot be read");
  auto values = *user;
  values.dictionary.reset();
  TRY(auto body, body_of(message));
  TRY(auto batch, read_batch({flat, *table, std::move(body)}, {values}, {}));
  auto all = *x_dictionaries;
  auto& parts = all[id];
  if (!header->scalar<bool>(2, false)) parts.clear();
  parts.push_back(std::make_shared<const PlainBatch>(std::move(batch)));
  x_dictionaries = std::make_shared<const Dictionaries>(std::move(all));
  return {};
}

}  // namespace leat::arrow_ipc
