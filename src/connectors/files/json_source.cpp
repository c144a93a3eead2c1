#include "config/options.hpp"
#include "connectors/files/file_source.hpp"
#include "connectors/files/json_chunks.hpp"
#include "connectors/files/json_sniff.hpp"
#include "connectors/files/listed_source.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::uint64_t kRecordBytesMax = 1 << 30;

struct JsonOptions {
  std::vector<std::string> path;
  JsonShape format = JsonShape::detect;
  DeclaredColumns columns;
  std::string records;
  config::Bytes max_record_bytes{16 << 20};
};

const config::OptionTable<JsonOptions>& options() {
  using config::option;
  static const auto table = config::option_table<JsonOptions>({
      files_option(&JsonOptions::path, "data/*.ndjson"),
      option("format", &JsonOptions::format,
             "One object a line, or one array of objects; auto looks at the first character.",
             {{"auto", JsonShape::detect},
              {"ndjson", JsonShape::ndjson},
              {"array", JsonShape::array}}),
      option("columns", &JsonOptions::columns,
             "Name and type of each key to read. Not given: the keys of the first records.")
          .example("{id: bigint, day: date, tags: json}"),
      option("max_record_bytes", &JsonOptions::max_record_bytes,
             "A longer record is set aside unread."),
      option("records", &JsonOptions::records,
             "The keys that lead to the array of records, where it is not the whole document.")
          .example("$.data.items"),
  });
  return table;
}

class JsonFormat final : public FileFormat {
 public:
  JsonFormat(JsonCut cut, bool is_declared) : x_cut(std::move(cut)), x_is_declared(is_declared) {}

  Result<data::Schema> look(const BuildContext& context,
                            const std::vector<file_list::ListedFile>& listed) const override {
    return sniff_json(*context.files, listed, x_cut);
  }
  Result<SliceRead> read(const BuildContext& context, data::Schema columns,
                         std::vector<file_list::ListedFile> listed,
                         const ReadContext& read) const override {
    JsonPlan plan{context.files, x_cut, std::move(columns), x_is_declared};
    plan.cut.block_bytes = read.block_bytes;
    std::unique_ptr<ChunkSource> chunks =
        std::make_unique<JsonChunks>(std::move(plan), std::move(listed), read);
    return SliceRead(std::move(chunks));
  }

 private:
  JsonCut x_cut;
  bool x_is_declared;
};

void read_path(const JsonOptions& read, const config::Node& node, JsonCut& cut,
               config::Findings& findings) {
  cut.records = keys_of_path(read.records);
  if (cut.records.empty()) {
    findings.add(node, "`" + read.records + "` is no path of keys", "records: $.data.items");
  } else if (read.format == JsonShape::ndjson) {
    findings.add(node, "`records` is for documents, and this one has a record a line",
                 "leave out `format`, or `records`");
  }
  cut.shape = JsonShape::array;
}

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  ListedSettings settings;
  JsonCut cut;
  settings.paths = read->path;
  cut.shape = read->format;
  cut.max_record_bytes = read->max_record_bytes.count;
  if (cut.max_record_bytes < 1 || cut.max_record_bytes > kRecordBytesMax) {
    findings.add(*node.find("max_record_bytes"), "`max_record_bytes` must be 1 to 1 GiB");
  }
  if (!read->records.empty()) read_path(*read, *node.find("records"), cut, findings);
  settings.declared = read_declared(read->columns, "JSON", findings);
  settings.is_guessed = true;
  if (findings.size() != before) return nullptr;
  settings.format = std::make_shared<JsonFormat>(std::move(cut), settings.declared.has_value());
  return listed_source(std::move(settings));
}

}  // namespace

SourceEntry json_source() {
  SourceEntry entry;
  entry.name = "json";
  entry.summary = "Objects of JSON files: one a line, or one array.";
  entry.example = "json: {path: data/*.ndjson, columns: {id: bigint, name: varchar}}";
  entry.replay = Replay::exact;
  entry.options = &options();
  entry.parse = parse;
  return entry;
}

}  // namespace leat::connectors::files
