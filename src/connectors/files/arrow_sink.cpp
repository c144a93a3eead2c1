#include "clients/arrow_ipc/file_writer.hpp"
#include "config/options.hpp"
#include "connectors/files/python_look.hpp"
#include "connectors/files/row_file_sink.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

using ArrowOptions = FileSinkOptions;

const config::OptionTable<ArrowOptions>& options() {
  using config::later;
  using config::option;
  static const auto table = config::option_table<ArrowOptions>({
      option("path", &ArrowOptions::path, kOneFilePathSummary).required().length(1, 0),
      option("overwrite", &ArrowOptions::overwrite, kOverwriteSummary),
      later("compression", "lz4 or zstd."),
      option("ordered", &ArrowOptions::ordered, kOrderedSummary),
  });
  return table;
}

class ArrowFormat final : public RowFileFormat {
 public:
  using RowFileFormat::RowFileFormat;

  std::string extension() const override { return "arrow"; }

  Stage stage_at(const fs::path& path, const data::Schema& schema) override {
    data::Schema travelling;
    auto stage = stage_of(schema, arrow_ipc::arrow_travel_type, travelling);
    x_writer.emplace(files(), path, std::move(travelling));
    stage.writer = &*x_writer;
    return stage;
  }

  std::string how_to_look(const std::string& shown) const override {
    return python_command("import pyarrow as pa; print(pa.ipc.open_file(" + python_text(shown) +
                          ").read_all())");
  }

  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    return arrow_ipc::count_rows(files(), path);
  }

  Status join(const fs::path& live, const fs::path& stage, const fs::path& whole) const override {
    TRY(auto live_file, files().open(live, io::Open::read));
    TRY(const auto before, arrow_ipc::MessageReader::open(std::move(live_file)));
    TRY(auto stage_file, files().open(stage, io::Open::read));
    TRY(const auto added, arrow_ipc::MessageReader::open(std::move(stage_file)));
    if (before->schema_metadata() != added->schema_metadata()) {
      return Error(Fault::internal, "two files of the same columns have other schemas");
    }
    data::Schema schema;
    for (const auto& field : added->fields()) {
      schema.columns.push_back({field.name, field.type, true});
    }
    TRY(const auto writer, arrow_ipc::FileWriter::create(files(), whole, schema));
    TRY(writer->add_file(*before));
    TRY(writer->add_file(*added));
    return writer->close();
  }

 private:
  std::optional<arrow_ipc::ChunksToFile> x_writer;
};

class ArrowSinkSpec final : public RowFileSinkSpec {
 public:
  using RowFileSinkSpec::RowFileSinkSpec;

 protected:
  std::unique_ptr<file_target::Format> make_format(const BuildContext& context) const override {
    return std::make_unique<ArrowFormat>(*context.files);
  }
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  return parse_row_file_sink<ArrowSinkSpec>(options(), node, findings);
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
  entry.rehearsal = {.redirect = with_path_in, .source = "arrow"};
  return entry;
}

}  // namespace leat::connectors::files
