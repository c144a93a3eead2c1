#include "config/options.hpp"
#include "connectors/files/file_source.hpp"
#include "connectors/files/listed_source.hpp"
#include "connectors/files/xml_file.hpp"

namespace leat::connectors::files {
namespace {

using Text = config::Located<std::string>;

constexpr std::uint64_t kRecordBytesMax = 1 << 30;

struct XmlOptions {
  std::vector<std::string> path;
  std::string records;
  DeclaredColumns columns;
  std::vector<std::pair<Text, std::string>> paths;
  config::Bytes max_record_bytes{16 << 20};
};

const config::OptionTable<XmlOptions>& options() {
  using config::option;
  static const auto table = config::option_table<XmlOptions>({
      files_option(&XmlOptions::path, "data/*.xml"),
      option("records", &XmlOptions::records,
             "Names of the elements that lead to a record, from the root; `*` is any. Not given: "
             "every element in the root.")
          .example("/catalog/book"),
      option("columns", &XmlOptions::columns,
             "Name and type of each value to read: an element's name, author/name, \"@id\" for an "
             "attribute, \"text()\" for the record's own text. A json column lists all texts of "
             "its path. Not given: the values of the first records.")
          .example("{title: varchar, \"@id\": bigint, tag: json}"),
      option("paths", &XmlOptions::paths, "Where a column is read from, when not from its name.")
          .example("{id: \"@id\", city: address/city}"),
      option("max_record_bytes", &XmlOptions::max_record_bytes,
             "A longer record is set aside unread."),
  });
  return table;
}

class XmlFormat final : public RecordFormat {
 public:
  explicit XmlFormat(XmlPlan plan) : x_plan(std::move(plan)) {}

  Result<data::Schema> look(const BuildContext& context,
                            const std::vector<file_list::ListedFile>& listed) const override {
    return sniff_xml(*context.files, listed, x_plan);
  }
  std::string raw_form() const override { return kRawRecord; }
  std::vector<std::string> sought(const data::Schema& columns) const override {
    return x_plan.is_declared ? x_plan.paths_of(columns) : std::vector<std::string>();
  }
  Result<std::unique_ptr<RecordFile>> open(io::FileSystem& files,
                                           const file_list::ListedFile& listed,
                                           const RecordColumns& columns) const override {
    auto file = std::make_unique<XmlFile>(x_plan, columns);
    TRY(file->open(files, listed));
    return std::unique_ptr<RecordFile>(std::move(file));
  }

 private:
  XmlPlan x_plan;
};

void read_paths(const XmlOptions& read, const std::optional<data::Schema>& declared, XmlPlan& plan,
                config::Findings& findings) {
  for (const auto& [column, path] : read.paths) {
    if (declared && !declared->find(column.text)) {
      findings.add(column.place, "`" + column.text + "` is not among `columns`",
                   name_hint(column.text, declared->names()), column.length);
    }
    plan.paths.emplace_back(column.text, path);
  }
}

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  ListedSettings settings;
  XmlPlan plan;
  settings.paths = read->path;
  settings.declared = read_declared(read->columns, "XML", findings);
  settings.is_guessed = true;
  settings.part = read->records;
  plan.is_declared = settings.declared.has_value();
  plan.shape.records = names_of_xml_path(read->records);
  if (plan.shape.records.empty()) {
    findings.add(*node.find("records"), "`" + read->records + "` is no path of names",
                 "records: /catalog/book");
  }
  plan.shape.max_record_bytes = read->max_record_bytes.count;
  if (plan.shape.max_record_bytes < 1 || plan.shape.max_record_bytes > kRecordBytesMax) {
    findings.add(*node.find("max_record_bytes"), "`max_record_bytes` must be 1 to 1 GiB");
  }
  read_paths(*read, settings.declared, plan, findings);
  if (findings.size() != before) return nullptr;
  settings.format = std::make_shared<XmlFormat>(std::move(plan));
  return listed_source(std::move(settings));
}

}  // namespace

SourceEntry xml_source() {
  SourceEntry entry;
  entry.name = "xml";
  entry.summary = "Repeated elements of XML files.";
  entry.example = "xml: {path: data/*.xml, records: /catalog/book, columns: {title: varchar}}";
  entry.replay = Replay::exact;
  entry.options = &options();
  entry.parse = parse;
  return entry;
}

}  // namespace leat::connectors::files
