#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "clients/arrow_ipc/fields.hpp"
#include "clients/arrow_ipc/plain_batch.hpp"
#include "io/files.hpp"

namespace leat::arrow_ipc {

/// At both ends of a file.
inline constexpr std::string_view kMagic = "ARROW1";
/// Kinds of messages, as Message.fbs numbers them.
inline constexpr std::uint8_t kSchemaMessage = 1;
inline constexpr std::uint8_t kBatchMessage = 3;

/// Where one record batch lies in its file.
struct BatchPlace {
  std::uint64_t message = 0;        ///< Where its message begins.
  std::uint32_t message_bytes = 0;  ///< Up to its body.
  std::uint64_t body_bytes = 0;
  std::uint64_t rows = 0;
  std::string metadata;                              ///< The flatbuffer of its message.
  std::shared_ptr<const Dictionaries> dictionaries;  ///< As they were when it came.

  std::uint64_t body() const { return message + message_bytes; }
};

/// The messages of an Arrow IPC file or stream, in their order. The footer of a file is asked where
/// its head has no schema.
///
/// Calls     `open`, then `next` until nothing comes.
/// Threads   one at a time, but for `read`.
/// Promise   what a file says of itself is checked against its size before it is believed.
/// Errors    config    no Arrow IPC, or a schema that is not read.
///           external  cut off, or broken.
class MessageReader {
 public:
  static Result<std::unique_ptr<MessageReader>> open(std::unique_ptr<io::File> file);
  explicit MessageReader(std::unique_ptr<io::File> file) : x_file(std::move(file)) {}

  const std::vector<Field>& fields() const { return x_fields; }
  /// The schema's own flatbuffer: two files with the same one can be joined.
  const std::string& schema_metadata() const { return x_schema_metadata; }
  Result<std::optional<BatchPlace>> next();
  /// The bytes of a record batch as they lie there.
  Result<std::string> body_of(const BatchPlace& batch) const;
  /// Any thread.
  Result<PlainBatch> read(const BatchPlace& batch) const;
  /// When nothing comes any more: the end was marked. A stream may also just end.
  bool has_end() const { return x_has_end; }

 private:
  struct Message {
    BatchPlace place;
    std::uint8_t kind = 0;
  };

  Status begin();
  Status begin_by_footer();
  Status read_dictionaries();
  Result<std::string> footer() const;
  Status require_end() const;
  Status add_dictionary(const BatchPlace& message);
  Result<std::optional<Message>> next_message();
  Result<std::string> bytes_at(std::uint64_t offset, std::uint64_t size) const;

  std::unique_ptr<io::File> x_file;
  std::uint64_t x_size = 0;
  std::uint64_t x_at = 0;
  bool x_is_file = false;
  bool x_has_end = false;
  bool x_has_dictionaries = false;  ///< Those of a file, which are read before its first batch.
  std::vector<Field> x_fields;
  std::string x_schema_metadata;
  std::shared_ptr<const Dictionaries> x_dictionaries = std::make_shared<Dictionaries>();
};

}  // namespace leat::arrow_ipc
