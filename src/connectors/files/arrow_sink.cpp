#include "clients/arrow_ipc/file_writer.hpp"
#include "config/options.hpp"
#include "connectors/files/file_sink.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

using ArrowOptions = FileSinkOptions;

const config::OptionTable<ArrowOptions>& options() {
  using config::later;
  using config::option;
  static const auto table = config::option_table<ArrowOptions>({
      option("path", &ArrowOptions::path, kPathSummary).required().length(1, 0),
      option("overwrite", &ArrowOptions::overwrite, kOverwriteSummary),
      later("compression", "lz4 or zstd."),
      later("ordered", "Keep the order of the rows."),
  });
  return table;
}

class ArrowFormat final : public file_target::Format {
 public:
  explicit ArrowFormat(io::FileSystem& files) : x_files(files) {}

  std::string extension() const override { return "arrow"; }

  Stage stage_at(const fs::path& path, const data::Schema& schema) override {
    RowStage stage;
    auto travelling = schema;
    for (std::size_t i = 0; i < schema.size(); ++i) {
      const auto travels = arrow_ipc::arrow_travel_type(schema.columns[i].type);
      if (!travels) continue;
      travelling.columns[i].type = *travels;
      stage.travels_as.emplace_back(i, *travels);
    }
    x_writer.emplace(x_files, path, std::move(travelling));
    stage.writer = &*x_writer;
    return stage;
  }

  std::string how_to_look(const std::string& shown) const override {
    return "python3 -c \"import pyarrow as pa; print(pa.ipc.open_file('" + shown +
           "').read_all())\"";
  }

  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    return arrow_ipc::count_rows(x_files, path);
  }

  Status join(const fs::path& live, const fs::path& stage, const fs::path& whole) const override {
    TRY(auto live_file, x_files.open(live, io::Open::read));
    TRY(const auto before, arrow_ipc::MessageReader::open(std::move(live_file)));
    TRY(auto stage_file, x_files.open(stage, io::Open::read));
    TRY(const auto added, arrow_ipc::MessageReader::open(std::move(stage_file)));
    if (before->schema_metadata() != added->schema_metadata()) {
      return Error(Fault::internal, "two files of the same columns have other schemas");
    }
    data::Schema schema;
    for (const auto& field : added->fields()) {
      schema.columns.push_back({field.name, field.type, true});
    }
    TRY(const auto writer, arrow_ipc::FileWriter::create(x_files, whole, schema));
    TRY(writer->add_file(*before));
    TRY(writer->add_file(*added));
    return writer->close();
  }

  Status can_meet(const data::Schema&) const override {
    return Error(Fault::config, "rows of an Arrow file cannot meet others yet")
        .hint("use `strategy: replace`, or `append` the same columns; or publish to parquet");
  }
  Result<RowChanges> meet(const file_target::Meeting&) const override {
    return Error(Fault::internal, "rows were to meet in an Arrow file");
  }

 private:
  io::FileSystem& x_files;
  std::optional<arrow_ipc::ChunksToFile> x_writer;
};

class ArrowSinkSpec final : public SinkSpec {
 public:
  explicit ArrowSinkSpec(ArrowOptions options) : x_options(std::move(options)) {}

  bool supports(Strategy strategy) const override {
    return strategy == Strategy::replace || strategy == Strategy::append;
  }
  std::string target_key(const BuildContext& context) const override {
    return "file:" + target_file(context)->string();
  }
  std::optional<fs::path> target_file(const BuildContext& context) const override {
    return io::real_path(context.root / x_options.path);
  }
  Status accepts(const data::Schema& schema) const override { return require_text_form(schema); }
  Result<std::unique_ptr<Sink>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.files != nullptr);
    return file_target::open_file_target(
        *context.files, {*target_file(context), x_options.path, x_options.overwrite},
        std::make_unique<ArrowFormat>(*context.files));
  }

 private:
  ArrowOptions x_options;
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  finish_options(*read, node, findings);
  return findings.size() == before ? std::make_unique<ArrowSinkSpec>(*read) : nullptr;
}

}  // namespace

SinkEntry arrow_sink() {
  SinkEntry entry;
  entry.name = "arrow";
  entry.summary = "Publishes one Arrow IPC file.";
  entry.example = "arrow: {path: out/rows.arrow}";
  entry.guarantee = "exactly_once";
  entry.options = &options();
  entry.parse = parse;
  return entry;
}

}  // namespace leat::connectors::files
