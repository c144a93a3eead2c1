#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/files/xlsx_book.hpp"

namespace leat::connectors::files {

/// Where the rows of a sheet are.
struct XlsxShape {
  std::string sheet;  ///< Empty: the first.
  std::optional<std::uint32_t> first_column;
  std::optional<std::uint32_t> last_column;
  std::uint64_t first_row = 1;
  std::uint64_t last_row = 1'048'576;
  bool has_header = true;
  bool errors_are_null = false;
  io::RatioLimit limit{200, 100'000'000};
};

/// The rows of one sheet, in their order.
///
/// Calls     `open`, then `next` until nothing comes.
/// Shape     rows and cells of the range alone; rows without any value are passed by.
class XlsxSheet final : private xml::Events {
 public:
  explicit XlsxSheet(const XlsxShape& shape) : x_shape(shape), x_parser(*this) {}

  Status open(io::FileSystem& files, const file_list::ListedFile& listed);
  Result<std::optional<XlsxRow>> next();
  /// What a cell says.
  XlsxText text(const XlsxCell& cell) const {
    return text_of(cell, x_book->shared(), x_book->from_1904());
  }
  std::uint64_t file_bytes() const { return x_book ? x_book->file_bytes() : 0; }

 private:
  void start(std::string_view name, std::span<const xml::Attribute> attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view text) override;
  void start_cell(std::span<const xml::Attribute> attributes);
  void end_cell();
  void end_row();
  void complain(std::string what);

  const XlsxShape& x_shape;
  xml::Parser x_parser;
  std::unique_ptr<XlsxBook> x_book;
  std::unique_ptr<io::ByteStream> x_stream;
  std::string x_piece;
  std::string x_complaint;
  XlsxRow x_row;
  XlsxCell x_cell;
  std::optional<XlsxRow> x_ended;
  std::uint64_t x_last_row = 0;
  std::uint32_t x_next_column = 0;
  bool x_at_end = false;
  bool x_in_row = false;
  bool x_in_cell = false;
  bool x_in_value = false;
  bool x_in_reading = false;
};

}  // namespace leat::connectors::files
