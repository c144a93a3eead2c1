#include <algorithm>
#include <set>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "connectors/files/guessed_columns.hpp"
#include "connectors/files/xml_file.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::size_t kXmlFilesMax = 64;
constexpr std::size_t kRecordsAFile = 1000;
constexpr std::size_t kSniffedNamesMax = 10'000;
constexpr std::size_t kSniffedNameBytesMax = 16 << 20;

class Sniffer final : public XmlRecords {
 public:
  Status add(io::FileSystem& files, const file_list::ListedFile& listed, const XmlShape& shape) {
    XmlWalk walk(shape, *this);
    TRY(walk.open(files, listed));
    const auto until = x_record + kRecordsAFile;
    for (bool goes_on = true; goes_on && x_record < until; walk.forget()) {
      TRY(goes_on, walk.read_on());
      if (x_is_full) return too_many();
      if (x_bytes >= kXmlWindowBytes) guess();
    }
    guess();
    return {};
  }

  Result<data::Schema> schema() const { return x_columns.schema(); }

 private:
  void nil(std::string_view) override {}
  void value(std::string_view path, std::string_view text) override {
    if (x_columns.size() >= kSniffedNamesMax || x_columns.name_bytes() >= kSniffedNameBytesMax) {
      x_is_full = x_is_full || !x_columns.knows(path);
      if (x_is_full) return;
    }
    auto& seen = x_columns.of(std::string(path));
    seen.is_list = seen.is_list || seen.last_record == x_record;
    seen.last_record = x_record;
    seen.texts.emplace_back(text);
    x_bytes += text.size() + sizeof(std::string);
  }
  void end_record(const XmlRecord&) override { ++x_record; }

  static Error too_many() {
    return Error(Fault::config, "its first records have more than " +
                                    format_count(kSniffedNamesMax) +
                                    " different values, or very long names")
        .hint("declare the columns that are wanted: columns: {name: type}");
  }

  void guess() {
    x_columns.guess();
    x_bytes = 0;
  }

  GuessedColumns x_columns;
  bool x_is_full = false;  ///< There are more names than are kept.
  std::uint64_t x_record = 1;
  std::uint64_t x_bytes = 0;  ///< Of texts that were not guessed from yet.
};

/// Columns that are read from a path get their own names; all others are called as their path.
Status rename(const XmlPlan& plan, data::Schema& schema) {
  const auto found = schema;
  std::set<std::size_t> renamed;
  for (const auto& [column, path] : plan.paths) {
    const auto at = found.find(path);
    if (!at) {
      return Error(Fault::config,
                   "no record has `" + path + "`, from which column `" + column + "` is read")
          .hint(name_hint(path, found.names()));
    }
    if (renamed.insert(*at).second) {
      schema.columns[*at].name = column;
    } else {
      schema.columns.push_back({column, found.columns[*at].type, true});
    }
  }
  std::set<std::string> names;
  for (const auto& column : schema.columns) {
    if (names.insert(to_lower(column.name)).second) continue;
    return Error(Fault::config, "two columns would be called `" + column.name +
                                    "`: one by `paths`, and one that records have by themselves")
        .hint(
            "give it another name in `paths`, or declare the columns that are wanted: columns: "
            "{name: type}");
  }
  return {};
}

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
  TRY(rename(plan, schema));
  return schema;
}

}  // namespace leat::connectors::files
