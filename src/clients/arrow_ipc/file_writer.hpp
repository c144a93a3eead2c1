#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "clients/arrow_ipc/messages.hpp"
#include "core/one_file_writer.hpp"
#include "io/files.hpp"

namespace leat::arrow_ipc {

/// A stream is a file without its head and footer: what a program reads from its stdin.
enum class Form { file, stream };

/// Writes an Arrow IPC file or stream: schema, record batches, the mark of its end, footer.
///
/// Calls     `create`, any number of `add_batch`, `close`.
/// Threads   add_batch in any number at once.
/// Shape     Nothing of it is compressed. Buffers are padded to 8 bytes.
/// Source    Arrow columnar format, version 1.5, "IPC file format"; metadata version 5.
class FileWriter {
 public:
  static Result<std::unique_ptr<FileWriter>> create(io::FileSystem& files,
                                                    const std::filesystem::path& path,
                                                    const data::Schema& schema,
                                                    Form form = Form::file);
  FileWriter(std::unique_ptr<io::File> file, data::Schema schema, Form form)
      : x_file(std::move(file)), x_schema(std::move(schema)), x_form(form) {}

  Status add_batch(const std::string& metadata, std::string_view body, std::uint64_t rows);
  /// The rows of a file that has the same columns.
  Status add_file(MessageReader& from);
  Status close();
  std::uint64_t rows() const { return x_rows; }

 private:
  Status begin();
  Status append(std::string_view bytes);
  Status append_message(const std::string& metadata, std::string_view body);

  std::unique_ptr<io::File> x_file;
  data::Schema x_schema;
  Form x_form;
  std::mutex x_mutex;
  std::uint64_t x_at = 0;
  std::uint64_t x_rows = 0;
  std::string x_blocks;  ///< Where the batches lie, as the footer says it.
};

/// Fills a file with the chunks of a stage.
class ChunksToFile final : public OneFileWriter<FileWriter> {
 public:
  ChunksToFile(io::FileSystem& files, std::filesystem::path path, data::Schema schema,
               Form form = Form::file)
      : x_files(files), x_path(std::move(path)), x_schema(std::move(schema)), x_form(form) {}

 private:
  class OneHand;

  Result<std::unique_ptr<FileWriter>> make() override {
    return FileWriter::create(x_files, x_path, x_schema, x_form);
  }
  std::unique_ptr<Hand> hand_on(FileWriter& file) override;
  Status end(FileWriter& file) override { return file.close(); }

  io::FileSystem& x_files;
  std::filesystem::path x_path;
  data::Schema x_schema;
  Form x_form;
};

/// Rows in a file, by its record batches.
Result<std::uint64_t> count_rows(io::FileSystem& files, const std::filesystem::path& path);

/// Can all of it be read, and did its writer come to the end? A stream may lack the mark of it and
/// be read all the same, but then nobody knows whether more was to follow.
Status require_whole(io::FileSystem& files, const std::filesystem::path& path);

}  // namespace leat::arrow_ipc
