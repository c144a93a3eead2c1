#include "clients/hdf5/table_writer.hpp"
#include "config/options.hpp"
#include "connectors/files/row_file_sink.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

enum class Packing { none, deflate };

struct Hdf5Options : FileSinkOptions {
  std::string dataset = "rows";
  Packing compression = Packing::deflate;
};

const config::OptionTable<Hdf5Options>& options() {
  using config::later;
  using config::option;
  static const auto table = config::option_table<Hdf5Options>({
      option("path", &Hdf5Options::path, kOneFilePathSummary).required().length(1, 0),
      option("overwrite", &Hdf5Options::overwrite, kOverwriteSummary),
      option("dataset", &Hdf5Options::dataset,
             "The group that becomes the table: one dataset a column; `_missing` in it tells which "
             "values are null.")
          .length(1, 200)
          .example("/sensors/readings"),
      option("compression", &Hdf5Options::compression, "How pieces of a dataset are packed.",
             {{"none", Packing::none}, {"deflate", Packing::deflate}}),
      later("ordered", "Keep the order of the rows."),
  });
  return table;
}

class Hdf5Format final : public RowFileFormat {
 public:
  Hdf5Format(io::FileSystem& files, hdf5::TableWriter::Form form)
      : RowFileFormat(files), x_form(std::move(form)) {}

  std::string extension() const override { return "h5"; }

  Stage stage_at(const fs::path& path, const data::Schema& schema) override {
    auto stage = stage_of(schema, hdf5::hdf5_travel_type, x_travelling);
    x_writer.emplace(path, x_travelling, x_form);
    stage.writer = &*x_writer;
    return stage;
  }

  std::string how_to_look(const std::string& shown) const override {
    return "python3 -c \"import h5py; [print(k, v[:]) for k, v in h5py.File('" + shown + "')['" +
           x_form.group + "'].items() if k != '" + hdf5::kMissing + "']\"";
  }

  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    TRY(const auto table, hdf5::Table::open(path, x_form.group, {}));
    return table->rows();
  }

  /// Nothing is tried out: the stage is ours, the live file has the digest that was published.
  Status join(const fs::path& live, const fs::path& stage, const fs::path& whole) const override {
    data::Schema schema;
    TRY(const auto added, hdf5::Table::open(stage, x_form.group, {}));
    for (const auto& column : added->columns()) {
      schema.columns.push_back({column.name, column.type, true});
    }
    TRY(const auto writer, hdf5::TableWriter::create(whole, schema, x_form));
    TRY(writer->add_table(live));
    TRY(writer->add_table(stage));
    return writer->close();
  }

 private:
  hdf5::TableWriter::Form x_form;
  data::Schema x_travelling;
  std::optional<hdf5::ChunksToFile> x_writer;
};

class Hdf5SinkSpec final : public RowFileSinkSpec {
 public:
  explicit Hdf5SinkSpec(const Hdf5Options& options)
      : RowFileSinkSpec(options),
        x_form{options.dataset, options.compression == Packing::deflate ? 4U : 0U} {}

  Status accepts(const data::Schema& schema) const override {
    TRY(RowFileSinkSpec::accepts(schema));
    for (const auto& column : schema.columns) {
      const bool is_good = column.name.find('/') == std::string::npos && column.name != "." &&
                           column.name != hdf5::kMissing && !column.name.empty();
      if (is_good) continue;
      return Error(Fault::config, "`" + column.name + "` cannot be the name of an HDF5 dataset")
          .hint("rename it in a model");
    }
    return {};
  }
  std::vector<std::string> changes(const data::Schema& schema) const override {
    std::vector<std::string> sentences;
    for (const auto& column : schema.columns) {
      if (!hdf5::hdf5_travel_type(column.type)) continue;
      sentences.push_back("column `" + column.name + "` of type " + data::sql_of(column.type) +
                          " is written as text");
    }
    return sentences;
  }

 protected:
  std::unique_ptr<file_target::Format> make_format(io::FileSystem& files) const override {
    return std::make_unique<Hdf5Format>(files, x_form);
  }

 private:
  hdf5::TableWriter::Form x_form;
};

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  finish_options(*read, node, findings);
  if (read->dataset.find_first_not_of('/') == std::string::npos) {
    findings.add(*node.find("dataset"), "`dataset` names no group", "dataset: /sensors/readings");
  }
  return findings.size() == before ? std::make_unique<Hdf5SinkSpec>(*read) : nullptr;
}

}  // namespace

SinkEntry hdf5_sink() {
  SinkEntry entry;
  entry.name = "hdf5";
  entry.summary = "Publishes one HDF5 file with one table.";
  entry.example = "hdf5: {path: out/rows.h5, dataset: rows}";
  entry.guarantee = "exactly_once";
  entry.options = &options();
  entry.parse = parse;
  entry.rehearsal = {.redirect = with_path_in, .source = "hdf5"};
  return entry;
}

}  // namespace leat::connectors::files
