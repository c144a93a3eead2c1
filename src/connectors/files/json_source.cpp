#include "base/names.hpp"
#include "clients/text_values/decode.hpp"
#include "config/options.hpp"
#include "connectors/files/file_source.hpp"
#include "connectors/files/json_chunks.hpp"
#include "connectors/files/json_sniff.hpp"
#include "connectors/files/record_source.hpp"

namespace leat::connectors::files {
namespace {

using file_list::FileList;

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
      option("path", &JsonOptions::path, "File, pattern with * ? [ab] **, or a list of them.")
          .required()
          .items(1)
          .length(1, 0)
          .example("data/*.ndjson"),
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

struct Settings {
  std::vector<std::string> paths;
  JsonCut cut;
  std::optional<data::Schema> declared;
  data::Schema types;  ///< Of columns that are not declared: what to read them as, by name.
};

class JsonSource final : public Source {
 public:
  JsonSource(const Settings& settings, const BuildContext& context)
      : x_settings(settings),
        x_files(*context.files),
        x_list(*context.files, context.root, settings.paths),
        x_schema(settings.declared) {}

  Result<data::Schema> schema() override {
    if (x_schema) return *x_schema;
    TRY(const auto listed, x_list.all());
    if (listed.empty()) {
      return Error(Fault::config, "no file matches " + join_names(x_settings.paths, " or "))
          .hint("the columns of a source without files must be declared: columns: {name: type}");
    }
    TRY(x_schema, sniff_json(x_files, listed, x_settings.cut));
    text_values::read_as(x_settings.types, *x_schema);
    return *x_schema;
  }

  Result<std::optional<Slice>> next_slice(const Position& from,
                                          const SliceLimits& limits) override {
    return x_list.next_slice(from, limits);
  }

  Result<SliceRead> read(const Slice& slice, const ReadContext& context) override {
    TRY(auto listed, x_list.files_of(slice));
    TRY(auto columns, schema());
    JsonPlan plan{&x_files, x_settings.cut, std::move(columns), x_settings.declared.has_value()};
    plan.cut.block_bytes = context.block_bytes;
    std::unique_ptr<ChunkSource> chunks =
        std::make_unique<JsonChunks>(std::move(plan), std::move(listed), context);
    return SliceRead(std::move(chunks));
  }

 private:
  Settings x_settings;
  io::FileSystem& x_files;
  FileList x_list;
  std::optional<data::Schema> x_schema;
};

class JsonSourceSpec final : public SourceSpec {
 public:
  explicit JsonSourceSpec(Settings settings) : x_settings(std::move(settings)) {}

  Replay replay() const override { return Replay::exact; }
  bool grows() const override { return FileList::grows(x_settings.paths); }
  std::optional<data::Schema> declared() const override { return x_settings.declared; }
  std::vector<std::filesystem::path> would_read(
      const BuildContext& context, const std::vector<std::filesystem::path>& files) const override {
    return file_list::would_read(*context.files, context.root, x_settings.paths, files);
  }
  std::unique_ptr<SourceSpec> read_as(const data::Schema& types) const override {
    if (x_settings.declared) return nullptr;
    auto settings = x_settings;
    settings.types = types;
    return std::make_unique<JsonSourceSpec>(std::move(settings));
  }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.files != nullptr);
    return std::unique_ptr<Source>(std::make_unique<JsonSource>(x_settings, context));
  }

 private:
  Settings x_settings;
};

void read_path(const JsonOptions& read, const config::Node& node, Settings& settings,
               config::Findings& findings) {
  settings.cut.records = keys_of_path(read.records);
  if (settings.cut.records.empty()) {
    findings.add(node, "`" + read.records + "` is no path of keys", "records: $.data.items");
  } else if (read.format == JsonShape::ndjson) {
    findings.add(node, "`records` is for documents, and this one has a record a line",
                 "leave out `format`, or `records`");
  }
  settings.cut.shape = JsonShape::array;
}

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  Settings settings;
  settings.paths = read->path;
  settings.cut.shape = read->format;
  settings.cut.max_record_bytes = read->max_record_bytes.count;
  if (settings.cut.max_record_bytes < 1 || settings.cut.max_record_bytes > kRecordBytesMax) {
    findings.add(*node.find("max_record_bytes"), "`max_record_bytes` must be 1 to 1 GiB");
  }
  if (!read->records.empty()) read_path(*read, *node.find("records"), settings, findings);
  settings.declared = read_declared(read->columns, "JSON", findings);
  if (findings.size() != before) return nullptr;
  return std::make_unique<JsonSourceSpec>(std::move(settings));
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
