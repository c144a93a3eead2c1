#include "base/names.hpp"
#include "config/options.hpp"
#include "connectors/files/engine_format.hpp"
#include "connectors/files/file_sink.hpp"
#include "connectors/files/json_columns.hpp"
#include "connectors/files/packed_text.hpp"
#include "connectors/files/record_count.hpp"
#include "engine/file_literal.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

/// A record of our own that is longer cannot be met any more.
constexpr std::size_t kLineBytesMax = 64 << 20;

using NdjsonOptions = TextSinkOptions;

const config::OptionTable<NdjsonOptions>& options() {
  using config::option;
  static const auto table = config::option_table<NdjsonOptions>({
      option("path", &NdjsonOptions::path, kPathSummary)
          .required()
          .length(1, 0)
          .example("out/prices.ndjson"),
      option("overwrite", &NdjsonOptions::overwrite, kOverwriteSummary),
      packed_option(&NdjsonOptions::compression),
      option("partition_by", &NdjsonOptions::partition_by, kPartitionSummary)
          .example(kPartitionExample),
      option("ordered", &NdjsonOptions::ordered, kOrderedSummary),
  });
  return table;
}

class NdjsonFormat final : public EngineFormat {
 public:
  NdjsonFormat(io::Compression packed, io::FileSystem& files, engine::Session& session)
      : EngineFormat(session), x_packed(packed), x_files(files) {}

  std::string extension() const override { return packed_extension("ndjson", x_packed); }

  StageTarget engine_stage(const fs::path& path, const data::Schema&) const override {
    return StageTarget{path, "json", {{"COMPRESSION", packed_literal(x_packed)}}, {}};
  }

  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    TRY(const auto text, open_text(x_files, path, x_packed));
    return count_lines(*text, path);
  }

  Status join(const fs::path& live, const fs::path& stage, const fs::path& whole) const override {
    TRY(require_packed(x_files, live, x_packed));
    TRY(auto file, x_files.open(whole, io::Open::create_new));
    TRY(io::copy_bytes(x_files, live, *file));
    return io::copy_bytes(x_files, stage, *file);
  }

  Status can_meet(const data::Schema& schema) const override {
    return require_exact_json(schema, false);
  }

 protected:
  std::string scan(const fs::path& path, const std::vector<data::Column>& columns) const override {
    std::string types;
    for (const data::Column& column : columns) {
      types += (types.empty() ? "" : ", ") + quote_literal(column.name) + ": " +
               quote_literal(read_from_json(column.type));
    }
    return "read_json(" + engine::file_literal(path) +
           ", format = 'newline_delimited', hive_partitioning = false, columns = {" + types +
           "}, compression = " + packed_literal(x_packed) +
           ", maximum_object_size = " + std::to_string(kLineBytesMax) + ")";
  }

  /// JSON has no such numbers; the engine writes their bare words where it writes a file anew.
  std::string written(const data::Column& column) const override {
    if (!column.type.is_floating()) return EngineFormat::written(column);
    const auto name = quote_identifier(column.name);
    return "CASE WHEN isfinite(" + name + ") THEN to_json(" + name + ") WHEN isnan(" + name +
           ") THEN '\"NaN\"'::JSON WHEN " + name + " > 0 THEN '\"Infinity\"'::JSON WHEN " + name +
           " < 0 THEN '\"-Infinity\"'::JSON END";
  }

 private:
  io::Compression x_packed;
  io::FileSystem& x_files;
};

class NdjsonSinkSpec final : public FileSinkSpec {
 public:
  explicit NdjsonSinkSpec(const NdjsonOptions& options)
      : FileSinkSpec(options), x_packed(options.packed()) {}

  Status accepts_types(const data::Schema& schema) const override {
    return require_text_form(schema);
  }
  Status types_can_meet(const data::Schema& schema) const override {
    return require_exact_json(schema, false);
  }

 protected:
  std::string file_extension() const override { return packed_extension("ndjson", x_packed); }
  std::unique_ptr<EngineFormat> make_format(const BuildContext& context) const override {
    LEAT_ASSERT(context.session != nullptr);
    return std::make_unique<NdjsonFormat>(x_packed, *context.files, *context.session);
  }

 private:
  io::Compression x_packed;
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  finish_options(*read, node, findings);
  refuse_other_packing(*read, node, findings);
  return findings.size() == before ? std::make_unique<NdjsonSinkSpec>(*read) : nullptr;
}

std::string read_back(const config::Node& node) {
  config::Findings ignored;
  const auto read = config::read_options(options(), node, ignored);
  const auto packed = read ? read->packed() : io::Compression::none;
  return "read_ndjson_objects($, compression = " + packed_literal(packed) + ")";
}

}  // namespace

SinkEntry ndjson_sink() {
  SinkEntry entry;
  entry.name = "ndjson";
  entry.summary = "Publishes one file with a JSON object a line.";
  entry.example = "ndjson: {path: out/rows.ndjson}";
  entry.guarantee = "exactly_once";
  entry.options = &options();
  entry.parse = parse;
  entry.rehearsal = rehearsal_of("ndjson", read_back);
  return entry;
}

}  // namespace leat::connectors::files
