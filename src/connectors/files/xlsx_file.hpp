#pragma once

#include <map>
#include <string>
#include <vector>

#include "connectors/files/text_rows.hpp"
#include "connectors/files/xlsx_sheet.hpp"

namespace leat::connectors::files {

/// Which column of a sheet has which name.
class XlsxHeader {
 public:
  /// Takes the header's row where there is one.
  static Result<XlsxHeader> read(XlsxSheet& sheet, const XlsxShape& shape);

  /// A column without a name is called by its letters.
  std::string name_of(std::uint32_t column) const;
  bool is_named(std::uint32_t column) const { return x_names.contains(column); }
  /// By column of the sheet.
  const std::map<std::uint32_t, std::string>& names() const { return x_names; }

 private:
  std::map<std::uint32_t, std::string> x_names;
};

/// What all workbooks of a source have in common.
struct XlsxPlan {
  XlsxShape shape;
  /// The author named the columns: others are passed by. Else a value in one of them sets its row
  /// aside.
  bool is_declared = true;
};

/// One sheet while it is read.
///
/// Errors   a value that is none, an error of the sheet are faults.
class XlsxFile final : public RecordFile {
 public:
  XlsxFile(const XlsxPlan& plan, const RecordColumns& columns)
      : x_plan(plan), x_schema(columns.schema), x_rows(columns), x_sheet(plan.shape) {}

  Status open(io::FileSystem& files, const file_list::ListedFile& listed);
  Result<std::uint32_t> next(RowBatch& batch) override;
  std::string raw(std::uint32_t row) const override;
  std::uint64_t file_bytes() const override { return x_sheet.file_bytes(); }

 private:
  Status find_columns();
  void fill(const XlsxCell& cell);

  const XlsxPlan& x_plan;
  const data::Schema& x_schema;
  TextRows x_rows;
  XlsxSheet x_sheet;
  XlsxHeader x_header;
  std::map<std::uint32_t, std::size_t> x_columns;  ///< By column of the sheet.
  std::vector<XlsxRow> x_taken;                    ///< Of the batch.
  std::uint64_t x_records = 0;
};

/// Columns and types by the first rows of some of the files.
Result<data::Schema> sniff_xlsx(io::FileSystem& files,
                                const std::vector<file_list::ListedFile>& listed,
                                const XlsxShape& shape);

}  // namespace leat::connectors::files
