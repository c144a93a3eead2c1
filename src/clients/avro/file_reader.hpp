#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "clients/avro/schema.hpp"
#include "io/files.hpp"

namespace leat::avro {

/// One block of rows, as it lies in its file.
struct Block {
  std::uint64_t number = 0;  ///< From 1.
  std::uint64_t offset = 0;
  std::uint64_t rows = 0;
  std::string packed;
};

/// The blocks of an Avro object container file, in their order.
///
/// Calls     `open`, then `next` until nothing comes.
/// Promise   what a file says of itself is checked against its size before it is believed; a file
///           ends behind a block, or it is broken.
/// Errors    config    no Avro file, or a schema or codec that is not read.
///           external  cut off, or broken; names the block and where it lies.
/// Source    Apache Avro 1.11 specification, "Object Container Files".
class FileReader {
 public:
  static Result<std::unique_ptr<FileReader>> open(std::unique_ptr<io::File> file);
  explicit FileReader(std::unique_ptr<io::File> file) : x_file(std::move(file)) {}

  const Types& types() const { return x_types; }
  const std::vector<Field>& fields() const { return x_fields; }
  const std::string& codec() const { return x_codec; }
  /// The schema as it was written: two files with the same one can be joined.
  const std::string& schema_text() const { return x_schema; }
  std::uint64_t file_bytes() const { return x_at; }

  Result<std::optional<Block>> next();
  Result<std::string> unpack(const Block& block) const;
  /// An error in what a block holds.
  static Error broken(const Block& block, const std::string& what);

 private:
  Status begin();
  Status read_header();
  bool take_header(std::string_view bytes);
  Result<std::string> bytes_at(std::uint64_t offset, std::uint64_t size) const;

  std::unique_ptr<io::File> x_file;
  std::uint64_t x_size = 0;
  std::uint64_t x_at = 0;
  std::uint64_t x_blocks = 0;
  std::string x_schema;
  std::string x_codec = "null";
  std::string x_sync;
  Types x_types;
  std::vector<Field> x_fields;
};

/// Rows in a file, by its blocks.
Result<std::uint64_t> count_rows(io::FileSystem& files, const std::filesystem::path& path);

}  // namespace leat::avro
