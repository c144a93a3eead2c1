#include "config/options.hpp"
#include "connectors/files/avro_file.hpp"
#include "connectors/files/file_source.hpp"
#include "connectors/files/listed_source.hpp"

namespace leat::connectors::files {
namespace {

struct AvroOptions {
  std::vector<std::string> path;
  std::vector<std::string> columns;
};

const config::OptionTable<AvroOptions>& options() {
  using config::option;
  static const auto table = config::option_table<AvroOptions>({
      files_option(&AvroOptions::path, "data/*.avro"),
      chosen_option(&AvroOptions::columns),
  });
  return table;
}

class AvroFormat final : public RecordFormat {
 public:
  Result<data::Schema> look(const BuildContext& context,
                            const std::vector<file_list::ListedFile>& listed) const override {
    const auto reader = open_avro(*context.files, listed[0]);
    if (!reader.ok()) return Error(reader.error()).during("while reading " + listed[0].name);
    data::Schema schema;
    for (const auto& field : (*reader)->fields()) {
      schema.columns.push_back({field.name, field.type, true});
    }
    return schema;
  }
  Result<std::unique_ptr<RecordFile>> open(io::FileSystem& files,
                                           const file_list::ListedFile& listed,
                                           const RecordColumns& columns) const override {
    auto file = std::make_unique<AvroFile>(columns);
    TRY(file->open(files, listed));
    return std::unique_ptr<RecordFile>(std::move(file));
  }
};

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  ListedSettings settings;
  settings.paths = read->path;
  settings.chosen = read->columns;
  settings.format = std::make_shared<AvroFormat>();
  return listed_source(std::move(settings));
}

}  // namespace

SourceEntry avro_source() {
  SourceEntry entry;
  entry.name = "avro";
  entry.summary =
      "Rows of Avro files; nested fields come as JSON. Codecs: null, deflate, snappy, zstandard, "
      "bzip2, xz.";
  entry.example = "avro: {path: data/*.avro}";
  entry.replay = Replay::exact;
  entry.options = &options();
  entry.parse = parse;
  return entry;
}

}  // namespace leat::connectors::files
