#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "clients/arrow_ipc/fields.hpp"
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
  std::string metadata;  ///< The flatbuffer of its message.

  std::uint64_t body() const { return message + message_bytes; }
};

/// One buffer of a record batch, within its body.
struct Buffer {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

struct BatchColumns {
  std::uint64_t rows = 0;
  std::vector<std::uint64_t> nulls;  ///< One a column.
  std::vector<Buffer> buffers;       ///< As many as the layouts of the columns need.
};

/// The messages of an Arrow IPC file or stream, in their order. The footer of a file is asked where
/// its head has no schema.
///
/// Calls     `open`, then `next` until nothing comes.
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
  Result<std::string> body_of(const BatchPlace& batch);
  /// When nothing comes any more: the end was marked. A stream may also just end.
  bool has_end() const { return x_has_end; }

 private:
  struct Message {
    BatchPlace place;
    std::uint8_t kind = 0;
  };

  Status begin();
  Status begin_by_footer();
  Status require_end() const;
  Result<std::optional<Message>> next_message();
  Result<std::string> bytes_at(std::uint64_t offset, std::uint64_t size) const;

  std::unique_ptr<io::File> x_file;
  std::uint64_t x_size = 0;
  std::uint64_t x_at = 0;
  bool x_is_file = false;
  bool x_has_end = false;
  std::vector<Field> x_fields;
  std::string x_schema_metadata;
};

/// What a record batch says of its columns. Errors: external, broken; config, compressed.
Result<BatchColumns> columns_of(const BatchPlace& batch, const std::vector<Field>& fields);

}  // namespace leat::arrow_ipc
