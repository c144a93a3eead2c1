#include <algorithm>
#include <cstring>
#include <map>

#include "base/names.hpp"
#include "clients/text_values/type_guess.hpp"
#include "connectors/files/xml_file.hpp"

namespace leat::connectors::files {
namespace {

using text_values::Cell;

constexpr std::size_t kFilesMax = 64;
constexpr std::size_t kRecordsAFile = 1000;

/// What was seen at one path.
struct Seen {
  text_values::TypeGuess guess;
  std::vector<std::string> texts;
  std::uint64_t last_record = 0;
  bool is_list = false;
};

class Sniffer final : public XmlRecords {
 public:
  Status add(io::FileSystem& files, const file_list::ListedFile& listed, const XmlShape& shape) {
    XmlWalk walk(shape, *this);
    TRY(walk.open(files, listed));
    const auto until = x_record + kRecordsAFile;
    for (bool goes_on = true; goes_on && x_record < until; walk.forget()) {
      TRY(goes_on, walk.read_on());
    }
    try_types();
    return {};
  }

  Result<data::Schema> schema() const {
    data::Schema schema;
    for (const auto& path : x_paths) {
      if (const auto other = schema.find(path)) {
        return Error(Fault::config, "`" + schema.columns[*other].name + "` and `" + path +
                                        "` differ only in letter case")
            .hint("declare the columns that are wanted: columns: {name: type}");
      }
      const Seen& seen = x_seen.at(path);
      const data::Type json{data::TypeId::json, 0, 0, {}};
      schema.columns.push_back({path, seen.is_list ? json : seen.guess.result(), true});
    }
    if (!schema.columns.empty()) return schema;
    return Error(Fault::config, "no record was found in the files")
        .hint("say where they are (records: /list/record), or declare columns: {name: type}");
  }

 private:
  void value(std::string_view path, std::string_view text) override {
    const auto [found, is_new] = x_seen.try_emplace(std::string(path));
    if (is_new) x_paths.emplace_back(path);
    Seen& seen = found->second;
    seen.is_list = seen.is_list || seen.last_record == x_record;
    seen.last_record = x_record;
    seen.texts.emplace_back(text);
  }
  void end_record(const XmlRecord&) override { ++x_record; }

  void try_types() {
    for (auto& [path, seen] : x_seen) {
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
  std::vector<std::string> x_paths;
  std::uint64_t x_record = 1;
};

}  // namespace

Result<data::Schema> sniff_xml(io::FileSystem& files,
                               const std::vector<file_list::ListedFile>& listed,
                               const XmlPlan& plan) {
  Sniffer sniffer;
  for (std::size_t i = 0; i < std::min(listed.size(), kFilesMax); ++i) {
    auto added = sniffer.add(files, listed[i], plan.shape);
    if (!added.ok()) return std::move(added).error().during("while reading " + listed[i].name);
  }
  TRY(auto schema, sniffer.schema());
  for (const auto& [column, path] : plan.paths) {
    const auto found = schema.find(path);
    if (!found) {
      return Error(Fault::config,
                   "no record has `" + path + "`, from which column `" + column + "` is read")
          .hint(name_hint(path, schema.names()));
    }
    schema.columns[*found].name = column;
  }
  return schema;
}

}  // namespace leat::connectors::files
