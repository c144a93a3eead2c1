#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "clients/zip/archive_writer.hpp"
#include "core/one_file_writer.hpp"
#include "data/schema.hpp"
#include "io/files.hpp"

namespace leat::connectors::files {

inline constexpr std::size_t kXlsxColumnsMax = 16'384;
inline constexpr std::size_t kXlsxCharactersMax = 32'767;  ///< Of a cell.

/// Characters as sheets count them: of UTF-16.
std::size_t sheet_characters(std::string_view text);

/// A workbook of one sheet: a header, then a row for each row.
///
/// Calls     `create`, `add_rows` any number of times, `close`.
/// Threads   add_rows in any number at once.
/// Shape     every column comes as text, as the engine casts it. Numbers of up to 15 digits, days
///           from 1900-03-01 on and moments of whole milliseconds are numbers of the sheet; what a
///           sheet would round is text, digit by digit.
/// Missing   null is no cell; an empty text is a cell with an empty text.
/// Errors    data      more rows than a sheet has, a text of more than 32,767 characters.
///           external  the disk.
class XlsxWriter {
 public:
  static Result<std::unique_ptr<XlsxWriter>> create(io::FileSystem& files,
                                                    const std::filesystem::path& path,
                                                    const data::Schema& schema);
  XlsxWriter(std::unique_ptr<zip::ArchiveWriter> archive, const data::Schema& schema);

  Status add_rows(std::span<const data::ColumnView> columns, std::uint32_t rows);
  Status close();
  std::uint64_t rows() const { return x_rows; }

 private:
  Status begin();
  Status add_row(std::span<const data::ColumnView> columns, std::uint32_t row);

  std::unique_ptr<zip::ArchiveWriter> x_archive;
  data::Schema x_schema;
  std::vector<data::TypeId> x_kinds;  ///< By column.
  std::vector<std::string> x_letters;
  std::mutex x_mutex;
  std::string x_text;
  std::uint64_t x_rows = 0;
};

/// Fills a workbook with the chunks of a stage.
class ChunksToXlsx final : public OneFileWriter<XlsxWriter> {
 public:
  ChunksToXlsx(io::FileSystem& files, std::filesystem::path path, data::Schema schema)
      : x_files(files), x_path(std::move(path)), x_schema(std::move(schema)) {}

 private:
  class OneHand;

  Result<std::unique_ptr<XlsxWriter>> make() override {
    return XlsxWriter::create(x_files, x_path, x_schema);
  }
  std::unique_ptr<Hand> hand_on(XlsxWriter& file) override;
  Status end(XlsxWriter& file) override { return file.close(); }

  io::FileSystem& x_files;
  std::filesystem::path x_path;
  data::Schema x_schema;
};

/// The number of a day or moment that the engine writes so, in the system that starts in 1900;
/// nothing: a sheet has no number for it. Whole days and milliseconds.
std::optional<double> sheet_serial(std::string_view text);

}  // namespace leat::connectors::files
