#include <algorithm>

#include "base/names.hpp"
#include "connectors/files/guessed_columns.hpp"
#include "connectors/files/xml_file.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::size_t kXmlFilesMax = 64;
constexpr std::size_t kRecordsAFile = 1000;

class Sniffer final : public XmlRecords {
 public:
  Status add(io::FileSystem& files, const file_list::ListedFile& listed, const XmlShape& shape) {
    XmlWalk walk(shape, *this);
    TRY(walk.open(files, listed));
    const auto until = x_record + kRecordsAFile;
    for (bool goes_on = true; goes_on && x_record < until; walk.forget()) {
      TRY(goes_on, walk.read_on());
    }
    x_columns.guess();
    return {};
  }

  Result<data::Schema> schema() const { return x_columns.schema(); }

 private:
  void value(std::string_view path, std::string_view text) override {
    auto& seen = x_columns.of(std::string(path));
    seen.is_list = seen.is_list || seen.last_record == x_record;
    seen.last_record = x_record;
    seen.texts.emplace_back(text);
  }
  void end_record(const XmlRecord&) override { ++x_record; }

  GuessedColumns x_columns;
  std::uint64_t x_record = 1;
};

}  // namespace

Result<data::Schema> sniff_xml(io::FileSystem& files,
                               const std::vector<file_list::ListedFile>& listed,
                               const XmlPlan& plan) {
  Sniffer sniffer;
  for (std::size_t i = 0; i < std::min(listed.size(), kXmlFilesMax); ++i) {
    auto added = sniffer.add(files, listed[i], plan.shape);
    if (!added.ok()) return std::move(added).error().during("while reading " + listed[i].name);
  }
  TRY(auto schema, sniffer.schema());
  if (schema.columns.empty()) {
    return Error(Fault::config, "no record was found in the files")
        .hint("say where they are (records: /list/record), or declare columns: {name: type}");
  }
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
