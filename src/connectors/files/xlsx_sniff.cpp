#include <algorithm>

#include "connectors/files/guessed_columns.hpp"
#include "connectors/files/xlsx_file.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::size_t kBooksMax = 16;
constexpr std::size_t kRowsAFile = 1000;

Status add(io::FileSystem& files, const file_list::ListedFile& listed, const XlsxShape& shape,
           GuessedColumns& columns) {
  XlsxSheet sheet(shape);
  TRY(sheet.open(files, listed));
  TRY(const auto header, XlsxHeader::read(sheet, shape));
  // The columns of a file are in its order, also those whose values come late.
  for (const auto& [column, name] : header.names()) columns.of(name);
  for (std::size_t i = 0; i < kRowsAFile; ++i) {
    TRY(const auto row, sheet.next());
    if (!row) break;
    for (const auto& cell : row->cells) {
      columns.of(header.name_of(cell.column)).texts.push_back(sheet.text(cell).text);
    }
  }
  columns.guess();
  return {};
}

}  // namespace

Result<data::Schema> sniff_xlsx(io::FileSystem& files,
                                const std::vector<file_list::ListedFile>& listed,
                                const XlsxShape& shape) {
  GuessedColumns columns;
  for (std::size_t i = 0; i < std::min(listed.size(), kBooksMax); ++i) {
    auto added = add(files, listed[i], shape, columns);
    if (!added.ok()) return std::move(added).error().during("while reading " + listed[i].name);
  }
  TRY(auto schema, columns.schema());
  if (!schema.columns.empty()) return schema;
  return Error(Fault::config, "the sheet has no values")
      .hint("name another one (sheet), or declare the columns: columns: {name: type}");
}

}  // namespace leat::connectors::files
