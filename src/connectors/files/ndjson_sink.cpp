#include "config/options.hpp"
#include "connectors/files/file_sink.hpp"
#include "connectors/files/record_count.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

using NdjsonOptions = FileSinkOptions;

const config::OptionTable<NdjsonOptions>& options() {
  using config::later;
  using config::option;
  static const auto table = config::option_table<NdjsonOptions>({
      option("path", &NdjsonOptions::path, kPathSummary).required().length(1, 0),
      option("overwrite", &NdjsonOptions::overwrite, kOverwriteSummary),
      later("compression", "gzip or zstd."),
      later("partition_by", "Columns whose values become folders."),
      later("ordered", "Keep the order of the rows."),
  });
  return table;
}

class NdjsonFormat final : public file_target::Format {
 public:
  explicit NdjsonFormat(io::FileSystem& files) : x_files(files) {}

  std::string extension() const override { return "ndjson"; }

  StageTarget stage_at(const fs::path& path, const data::Schema&) const override {
    return {path, "json", {}, {}};
  }

  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    return count_lines(x_files, path);
  }

  Status join(const fs::path& live, const fs::path& stage, const fs::path& whole) const override {
    TRY(auto file, x_files.open(whole, io::Open::create_new));
    TRY(io::copy_bytes(x_files, live, *file));
    return io::copy_bytes(x_files, stage, *file);
  }

 private:
  io::FileSystem& x_files;
};

class NdjsonSinkSpec final : public FileSinkSpec {
 public:
  using FileSinkSpec::FileSinkSpec;

  Status accepts(const data::Schema& schema) const override { return require_text_form(schema); }

 protected:
  std::unique_ptr<file_target::Format> make_format(const BuildContext& context) const override {
    return std::make_unique<NdjsonFormat>(*context.files);
  }
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  check_path(*read, node, findings);
  return findings.size() == before ? std::make_unique<NdjsonSinkSpec>(*read) : nullptr;
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
  return entry;
}

}  // namespace leat::connectors::files
