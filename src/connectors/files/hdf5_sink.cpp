#include <algorithm>

#include "base/names.hpp"
#include "clients/hdf5/array_writer.hpp"
#include "clients/hdf5/table_writer.hpp"
#include "config/options.hpp"
#include "connectors/files/python_look.hpp"
#include "connectors/files/row_file_sink.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

enum class Packing { none, deflate };

struct Hdf5Options : FileSinkOptions {
  std::string dataset = "rows";
  std::vector<std::string> axes;
  std::optional<std::string> fill;
  Packing compression = Packing::deflate;
};

const config::OptionTable<Hdf5Options>& options() {
  using config::option;
  static const auto table = config::option_table<Hdf5Options>({
      option("path", &Hdf5Options::path, kOneFilePathSummary).required().length(1, 0),
      option("overwrite", &Hdf5Options::overwrite, kOverwriteSummary),
      option("dataset", &Hdf5Options::dataset,
             "The group that becomes the table: one dataset a column; `_missing` in it tells which "
             "values are null. With `axes` the dataset that becomes the array.")
          .length(1, 200)
          .example("/sensors/readings"),
      option(
          "axes", &Hdf5Options::axes,
          "Write one array instead: these columns, whole numbers from 0, say where a row lies in "
          "it, the others are its values, of one type; several are a dimension more, the last. "
          "Needs `strategy: replace`.")
          .example("[time, station]"),
      option("fill", &Hdf5Options::fill,
             "What cells of an array hold that have no row, and values that are null; without it "
             "such rows are refused.")
          .example("nan"),
      option("compression", &Hdf5Options::compression, "How pieces of a dataset are packed.",
             {{"none", Packing::none}, {"deflate", Packing::deflate}}),
      option("ordered", &Hdf5Options::ordered, kOrderedSummary),
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
    return python_command("import h5py; [print(k, v[:]) for k, v in h5py.File(" +
                          python_text(shown) + ")[" + python_text(x_form.group) +
                          "].items() if k != " + python_text(hdf5::kMissing) + "]");
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

class Hdf5ArrayFormat final : public RowFileFormat {
 public:
  Hdf5ArrayFormat(io::FileSystem& files, hdf5::ArrayForm form)
      : RowFileFormat(files), x_form(std::move(form)) {}

  std::string extension() const override { return "h5"; }

  Stage stage_at(const fs::path& path, const data::Schema& schema) override {
    RowStage stage;
    x_writer.emplace(path, schema, x_form);
    stage.writer = &*x_writer;
    return stage;
  }

  std::string how_to_look(const std::string& shown) const override {
    return python_command("import h5py; print(h5py.File(" + python_text(shown) + ")[" +
                          python_text(x_form.dataset) + "][:])");
  }

  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    return hdf5::ArrayWriter::rows_in(path, x_form);
  }

  Status join(const fs::path&, const fs::path&, const fs::path&) const override {
    return Error(Fault::internal, "rows were to join an array, which is replaced as a whole");
  }

 private:
  hdf5::ArrayForm x_form;
  std::optional<hdf5::ChunksToArray> x_writer;
};

class Hdf5SinkSpec final : public RowFileSinkSpec {
 public:
  explicit Hdf5SinkSpec(const Hdf5Options& options)
      : RowFileSinkSpec(options),
        x_form{options.dataset, options.compression == Packing::deflate ? 4U : 0U} {
    x_array.dataset = options.dataset;
    x_array.axes = options.axes;
    x_array.fill = options.fill;
    x_array.level = x_form.level;
  }

  bool supports(Strategy strategy) const override {
    return is_array() ? strategy == Strategy::replace : RowFileSinkSpec::supports(strategy);
  }
  Status accepts(const data::Schema& schema) const override {
    if (is_array()) return hdf5::require_array(schema, x_array);
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
    if (is_array()) return sentences;
    for (const auto& column : schema.columns) {
      if (!hdf5::hdf5_travel_type(column.type)) continue;
      sentences.push_back("column `" + column.name + "` of type " + data::sql_of(column.type) +
                          " is written as text");
    }
    return sentences;
  }

 protected:
  std::unique_ptr<file_target::Format> make_format(const BuildContext& context) const override {
    if (!is_array()) return std::make_unique<Hdf5Format>(*context.files, x_form);
    auto form = x_array;
    form.cancel = context.cancel;
    if (context.memory_max != 0) form.memory_max = context.memory_max;
    return std::make_unique<Hdf5ArrayFormat>(*context.files, std::move(form));
  }

 private:
  bool is_array() const { return !x_array.axes.empty(); }

  hdf5::TableWriter::Form x_form;
  hdf5::ArrayForm x_array;
};

void refuse_doubled(const std::vector<std::string>& axes, const config::Node& node,
                    config::Findings& findings) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!is_same_name(axes[i], axes[j])) continue;
      findings.add(*node.find("axes"), "`axes` names `" + axes[i] + "` twice");
    }
  }
  constexpr std::size_t kAxesMax = 31;  // The library has 32 dimensions.
  if (axes.size() > kAxesMax) findings.add(*node.find("axes"), "an array has at most 31 axes");
}

/// Of the names between slashes "." is the library's own word for the group before it.
void refuse_bad_name(const std::string& dataset, const config::Node& node,
                     config::Findings& findings) {
  bool is_named = false;
  for (std::size_t from = 0; from < dataset.size();) {
    const auto to = std::min(dataset.find('/', from), dataset.size());
    const auto name = dataset.substr(from, to - from);
    if (name == ".") {
      findings.add(*node.find("dataset"), "`dataset` is `" + dataset + "`: `.` is no name in HDF5",
                   "dataset: /sensors/readings");
      return;
    }
    is_named = is_named || !name.empty();
    from = to + 1;
  }
  if (is_named) return;
  findings.add(*node.find("dataset"), "`dataset` names no group", "dataset: /sensors/readings");
}

void judge(const Hdf5Options& options, const config::Node& node, config::Findings& findings) {
  refuse_bad_name(options.dataset, node, findings);
  if (options.fill && options.axes.empty()) {
    findings.add(*node.find("fill"), "`fill` is for an array", "name its `axes`");
  }
  refuse_doubled(options.axes, node, findings);
}

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  return parse_row_file_sink<Hdf5SinkSpec>(options(), node, findings, judge);
}

}  // namespace

SinkEntry hdf5_sink() {
  SinkEntry entry;
  entry.name = "hdf5";
  entry.summary = "Publishes one HDF5 file with one table, or one array.";
  entry.example = "hdf5: {path: out/rows.h5, dataset: rows}";
  entry.guarantee = "exactly_once";
  entry.options = &options();
  entry.parse = parse;
  entry.rehearsal = {.redirect = with_path_in, .source = "hdf5"};
  return entry;
}

}  // namespace leat::connectors::files
