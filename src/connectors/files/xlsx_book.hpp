#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clients/file_list/file_list.hpp"
#include "clients/xml/parser.hpp"
#include "clients/zip/archive.hpp"
#include "connectors/files/xlsx_cells.hpp"

namespace leat::connectors::files {

/// A workbook, with what its sheets share.
///
/// Errors   external  no archive, cut off, corrupt, beyond the limits.
///          config    no workbook, an old or an encrypted one; no such sheet.
class XlsxBook {
 public:
  static Result<std::unique_ptr<XlsxBook>> open(io::FileSystem& files,
                                                const file_list::ListedFile& listed,
                                                const io::RatioLimit& limit);

  /// The stream of a sheet's XML; an empty name is the first sheet.
  Result<std::unique_ptr<io::ByteStream>> sheet(const std::string& name);
  XlsxLook look_of_style(std::size_t style) const {
    return style < x_looks.size() ? x_looks[style] : XlsxLook::number;
  }
  const std::vector<std::string>& shared() const { return x_shared; }
  bool from_1904() const { return x_from_1904; }
  std::uint64_t file_bytes() const { return x_archive->file_bytes(); }

 private:
  struct Sheet {
    std::string name;
    std::string part;
  };

  Status read(const file_list::ListedFile& listed);
  Status read_part(const std::string& name, xml::Events& events);

  std::unique_ptr<zip::Archive> x_archive;
  io::RatioLimit x_limit;
  std::vector<Sheet> x_sheets;
  std::vector<std::string> x_shared;
  std::vector<XlsxLook> x_looks;  ///< By style.
  bool x_from_1904 = false;
};

/// The value of an attribute, prefix aside; empty: it is not there.
std::string_view attribute_of(std::span<const xml::Attribute> attributes, std::string_view name);

}  // namespace leat::connectors::files
