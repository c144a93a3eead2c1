#include <algorithm>
#include <cstring>
#include <map>

#include "clients/text_values/type_guess.hpp"
#include "connectors/files/xlsx_file.hpp"

namespace leat::connectors::files {
namespace {

using text_values::Cell;

constexpr std::size_t kFilesMax = 16;
constexpr std::size_t kRowsAFile = 1000;

/// What was seen under one name.
struct Seen {
  text_values::TypeGuess guess;
  std::vector<std::string> texts;
};

class Sniffer {
 public:
  Status add(io::FileSystem& files, const file_list::ListedFile& listed, const XlsxShape& shape) {
    XlsxSheet sheet(shape);
    TRY(sheet.open(files, listed));
    TRY(const auto header, XlsxHeader::read(sheet, shape));
    // The columns of a file are in its order, also those whose values come late.
    for (const auto& [column, name] : header.names()) seen(name);
    for (std::size_t i = 0; i < kRowsAFile; ++i) {
      TRY(const auto row, sheet.next());
      if (!row) break;
      for (const auto& cell : row->cells) {
        seen(header.name_of(cell.column)).texts.push_back(sheet.text(cell).text);
      }
    }
    try_types();
    return {};
  }

  Result<data::Schema> schema() const {
    data::Schema schema;
    for (const auto& name : x_names) {
      if (const auto other = schema.find(name)) {
        return Error(Fault::config, "the columns `" + schema.columns[*other].name + "` and `" +
                                        name + "` differ only in letter case")
            .hint("declare the columns that are wanted: columns: {name: type}");
      }
      schema.columns.push_back({name, x_seen.at(name).guess.result(), true});
    }
    if (!schema.columns.empty()) return schema;
    return Error(Fault::config, "the sheet has no values")
        .hint("name another one (sheet), or declare the columns: columns: {name: type}");
  }

 private:
  Seen& seen(const std::string& name) {
    const auto [found, is_new] = x_seen.try_emplace(name);
    if (is_new) x_names.push_back(name);
    return found->second;
  }

  void try_types() {
    for (auto& [name, seen] : x_seen) {
      text_values::Arena arena;
      std::vector<Cell> cells;
      for (const auto& text : seen.texts) {
        char* copy = arena.take(text.size());
        std::memcpy(copy, text.data(), text.size());
        cells.push_back({copy, static_cast<std::uint32_t>(text.size()), Cell::Kind::plain});
      }
      seen.guess.try_values(cells, {});
      seen.texts.clear();
    }
  }

  std::map<std::string, Seen, std::less<>> x_seen;
  std::vector<std::string> x_names;
};

}  // namespace

Result<data::Schema> sniff_xlsx(io::FileSystem& files,
                                const std::vector<file_list::ListedFile>& listed,
                                const XlsxShape& shape) {
  Sniffer sniffer;
  for (std::size_t i = 0; i < std::min(listed.size(), kFilesMax); ++i) {
    auto added = sniffer.add(files, listed[i], shape);
    if (!added.ok()) return std::move(added).error().during("while reading " + listed[i].name);
  }
  return sniffer.schema();
}

}  // namespace leat::connectors::files
