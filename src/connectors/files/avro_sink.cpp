#include "clients/avro/file_writer.hpp"
#include "config/options.hpp"
#include "connectors/files/python_look.hpp"
#include "connectors/files/row_file_sink.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

enum class Codec { none, deflate, snappy, zstd };

struct AvroOptions : FileSinkOptions {
  Codec compression = Codec::deflate;
};

const config::OptionTable<AvroOptions>& options() {
  using config::option;
  static const auto table = config::option_table<AvroOptions>({
      option("path", &AvroOptions::path, kOneFilePathSummary).required().length(1, 0),
      option("overwrite", &AvroOptions::overwrite, kOverwriteSummary),
      option("compression", &AvroOptions::compression,
             "How blocks are packed; every reader of Avro knows deflate.",
             {{"none", Codec::none},
              {"deflate", Codec::deflate},
              {"snappy", Codec::snappy},
              {"zstd", Codec::zstd}}),
      option("ordered", &AvroOptions::ordered, kOrderedSummary),
  });
  return table;
}

std::string name_of(Codec codec) {
  switch (codec) {
    case Codec::deflate: return "deflate";
    case Codec::snappy: return "snappy";
    case Codec::zstd: return "zstandard";
    case Codec::none: break;
  }
  return "null";
}

class AvroFormat final : public RowFileFormat {
 public:
  AvroFormat(io::FileSystem& files, std::string codec)
      : RowFileFormat(files), x_codec(std::move(codec)) {}

  std::string extension() const override { return "avro"; }

  Stage stage_at(const fs::path& path, const data::Schema& schema) override {
    data::Schema travelling;
    auto stage = stage_of(schema, avro::avro_travel_type, travelling);
    x_writer.emplace(files(), path, std::move(travelling), x_codec);
    stage.writer = &*x_writer;
    return stage;
  }

  std::string how_to_look(const std::string& shown) const override {
    return python_command("import fastavro; [print(row) for row in fastavro.reader(open(" +
                          python_text(shown) + ", 'rb'))]");
  }

  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    return avro::count_rows(files(), path);
  }

  Status join(const fs::path& live, const fs::path& stage, const fs::path& whole) const override {
    TRY(auto live_file, files().open(live, io::Open::read));
    TRY(const auto before, avro::FileReader::open(std::move(live_file)));
    TRY(auto stage_file, files().open(stage, io::Open::read));
    TRY(const auto added, avro::FileReader::open(std::move(stage_file)));
    if (before->schema_text() != added->schema_text()) {
      return Error(Fault::internal, "two files of the same columns have other schemas");
    }
    TRY(const auto writer, avro::FileWriter::create(files(), whole, added->schema_text(), x_codec));
    TRY(writer->add_file(*before));
    return writer->add_file(*added);
  }

 private:
  std::string x_codec;
  std::optional<avro::ChunksToFile> x_writer;
};

class AvroSinkSpec final : public RowFileSinkSpec {
 public:
  explicit AvroSinkSpec(const AvroOptions& options)
      : RowFileSinkSpec(options), x_codec(name_of(options.compression)) {}

  Status accepts(const data::Schema& schema) const override {
    TRY(RowFileSinkSpec::accepts(schema));
    for (const auto& column : schema.columns) {
      if (avro::is_avro_name(column.name)) continue;
      return Error(Fault::config, "`" + column.name + "` cannot be the name of an Avro field")
          .hint("rename it in a model: letters, digits and underscores, no digit first");
    }
    return {};
  }

 protected:
  std::unique_ptr<file_target::Format> make_format(const BuildContext& context) const override {
    return std::make_unique<AvroFormat>(*context.files, x_codec);
  }

 private:
  std::string x_codec;
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  return parse_row_file_sink<AvroSinkSpec>(options(), node, findings);
}

}  // namespace

SinkEntry avro_sink() {
  SinkEntry entry;
  entry.name = "avro";
  entry.summary = "Publishes one Avro file.";
  entry.example = "avro: {path: out/rows.avro}";
  entry.guarantee = "exactly_once";
  entry.options = &options();
  entry.parse = parse;
  entry.rehearsal = {.redirect = with_path_in, .source = "avro"};
  return entry;
}

}  // namespace leat::connectors::files
