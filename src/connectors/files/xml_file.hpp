#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "connectors/files/text_rows.hpp"
#include "connectors/files/xml_walk.hpp"

namespace leat::connectors::files {

/// What all XML files of a source have in common.
struct XmlPlan {
  XmlShape shape;
  std::vector<std::pair<std::string, std::string>> paths;  ///< By column, where it is not its name.
  /// The author named the columns: other values are passed by. Else such a record is set aside.
  bool is_declared = true;

  /// The path of each of these columns.
  std::vector<std::string> paths_of(const data::Schema& columns) const;
};

/// One XML file while it is read.
///
/// Shape    a json column is the list of all texts of its path, in any other a path comes once.
/// Errors   a record that is too long, or has a path twice or one that nobody knew, is a fault.
class XmlFile final : public RecordFile, private XmlRecords {
 public:
  XmlFile(const XmlPlan& plan, const RecordColumns& columns);

  Status open(io::FileSystem& files, const file_list::ListedFile& listed) {
    return x_walk.open(files, listed);
  }
  Result<std::uint32_t> next(RowBatch& batch) override;
  std::string raw(std::uint32_t row) const override { return x_walk.raw(x_ended[row]); }
  std::uint64_t file_bytes() const override { return x_walk.file_bytes(); }
  const SeenColumns* seen() const override { return &x_seen; }

 private:
  struct Value {
    std::size_t column;
    std::string text;
  };

  void value(std::string_view path, std::string_view text) override;
  void nil(std::string_view path) override;
  void end_record(const XmlRecord& record) override;
  void fill_row();

  const XmlPlan& x_plan;
  const data::Schema& x_schema;
  TextRows x_rows;
  XmlWalk x_walk;
  std::unordered_map<std::string, std::vector<std::size_t>> x_by_path;
  std::vector<Value> x_values;  ///< Of the open record.
  std::string x_complaint;      ///< What is wrong with it.
  std::vector<XmlRecord> x_ended;
  SeenColumns x_seen;
  std::uint64_t x_records = 0;
  std::uint32_t x_rows_max = 0;
};

/// Columns and types by the first records of some of the files.
Result<data::Schema> sniff_xml(io::FileSystem& files,
                               const std::vector<file_list::ListedFile>& listed,
                               const XmlPlan& plan);

}  // namespace leat::connectors::files
