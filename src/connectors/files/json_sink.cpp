#include "config/options.hpp"
#include "connectors/files/file_sink.hpp"
#include "connectors/files/record_count.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

enum class JsonShape { ndjson, array };

struct JsonOptions : FileSinkOptions {
  JsonShape format = JsonShape::ndjson;
};

const config::OptionTable<JsonOptions>& options() {
  using config::later;
  using config::option;
  static const auto table = config::option_table<JsonOptions>({
      option("path", &JsonOptions::path, kPathSummary).required().length(1, 0),
      option("format", &JsonOptions::format, "One object a line, or one array of objects.",
             {{"ndjson", JsonShape::ndjson}, {"array", JsonShape::array}}),
      option("overwrite", &JsonOptions::overwrite, kOverwriteSummary),
      later("compression", "gzip or zstd."),
      later("partition_by", "Columns whose values become folders."),
      later("ordered", "Keep the order of the rows."),
  });
  return table;
}

class JsonFormat final : public file_target::Format {
 public:
  JsonFormat(JsonShape shape, io::FileSystem& files) : x_shape(shape), x_files(files) {}

  std::string extension() const override { return "json"; }

  StageTarget stage_at(const fs::path& path, const data::Schema&) const override {
    return {path, "json", {{"ARRAY", x_shape == JsonShape::array ? "true" : "false"}}, {}};
  }

  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    return count_json(x_files, path, x_shape == JsonShape::array);
  }

  Status join(const fs::path& live, const fs::path& stage, const fs::path& whole) const override {
    TRY(auto file, x_files.open(whole, io::Open::create_new));
    TRY(io::copy_bytes(x_files, live, *file));
    return io::copy_bytes(x_files, stage, *file);
  }

 private:
  JsonShape x_shape;
  io::FileSystem& x_files;
};

class JsonSinkSpec final : public FileSinkSpec {
 public:
  explicit JsonSinkSpec(const JsonOptions& options)
      : FileSinkSpec(options), x_shape(options.format) {}

  /// Rows cannot be put behind the closing bracket of an array.
  bool supports(Strategy strategy) const override {
    return strategy == Strategy::replace || x_shape == JsonShape::ndjson;
  }
  Status accepts(const data::Schema& schema) const override { return require_text_form(schema); }

 protected:
  std::unique_ptr<file_target::Format> make_format(const BuildContext& context) const override {
    return std::make_unique<JsonFormat>(x_shape, *context.files);
  }

 private:
  JsonShape x_shape;
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  check_path(*read, node, findings);
  return findings.size() == before ? std::make_unique<JsonSinkSpec>(*read) : nullptr;
}

}  // namespace

SinkEntry json_sink() {
  SinkEntry entry;
  entry.name = "json";
  entry.summary = "Publishes one JSON file: an object a line, or one array.";
  entry.example = "json: {path: out/rows.ndjson}";
  entry.guarantee = "exactly_once";
  entry.options = &options();
  entry.parse = parse;
  return entry;
}

}  // namespace leat::connectors::files
