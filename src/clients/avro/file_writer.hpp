#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "clients/avro/file_reader.hpp"
#include "core/one_file_writer.hpp"
#include "io/files.hpp"

namespace leat::avro {

/// Writes an Avro object container file: header, blocks.
///
/// Calls     `create`, any number of `add_block` and `add_file`.
/// Threads   add_block in any number at once.
/// Shape     the mark between blocks comes from the schema: nothing but the rows, and how several
///           hands took them in turn, decides what bytes the file has.
/// Source    Apache Avro 1.11 specification, "Object Container Files".
class FileWriter {
 public:
  static Result<std::unique_ptr<FileWriter>> create(io::FileSystem& files,
                                                    const std::filesystem::path& path,
                                                    const std::string& schema,
                                                    const std::string& codec);
  FileWriter(std::unique_ptr<io::File> file, std::string codec)
      : x_file(std::move(file)), x_codec(std::move(codec)) {}

  const std::string& codec() const { return x_codec; }
  Status add_block(std::uint64_t rows, std::string_view packed);
  /// The rows of a file that has the same schema.
  Status add_file(FileReader& from);
  std::uint64_t rows() const { return x_rows; }

 private:
  Status begin(const std::string& schema);

  std::unique_ptr<io::File> x_file;
  std::string x_codec;
  std::string x_sync;
  std::mutex x_mutex;
  std::uint64_t x_rows = 0;
};

/// Fills a file with the chunks of a stage.
class ChunksToFile final : public OneFileWriter<FileWriter> {
 public:
  ChunksToFile(io::FileSystem& files, std::filesystem::path path, data::Schema schema,
               std::string codec)
      : x_files(files),
        x_path(std::move(path)),
        x_schema(std::move(schema)),
        x_codec(std::move(codec)) {}

 private:
  class OneHand;

  Result<std::unique_ptr<FileWriter>> make() override;
  std::unique_ptr<Hand> hand_on(FileWriter& file) override;
  /// Each block is whole by itself: nothing follows the last.
  Status end(FileWriter&) override { return {}; }

  io::FileSystem& x_files;
  std::filesystem::path x_path;
  data::Schema x_schema;
  std::string x_codec;
};

}  // namespace leat::avro
