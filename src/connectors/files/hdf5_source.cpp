#include "clients/hdf5/trial.hpp"
#include "config/options.hpp"
#include "connectors/files/file_source.hpp"
#include "connectors/files/hdf5_file.hpp"
#include "connectors/files/listed_source.hpp"

namespace leat::connectors::files {
namespace {

struct Hdf5Options {
  std::vector<std::string> path;
  std::string dataset;
  std::vector<std::string> names;
  std::vector<std::string> axes;
  std::vector<std::string> columns;
};

const config::OptionTable<Hdf5Options>& options() {
  using config::option;
  static const auto table = config::option_table<Hdf5Options>({
      files_option(&Hdf5Options::path, "data/*.h5"),
      option("dataset", &Hdf5Options::dataset,
             "Where the table is: a dataset of a compound type, a group of datasets of the same "
             "length, or an array: of one or two dimensions, or with `axes` of any number.")
          .required()
          .length(1, 0)
          .example("/sensors/readings"),
      option("names", &Hdf5Options::names,
             "What the columns of an array are called; not given: c0, c1 …, or the dataset's own "
             "name where it has one dimension.")
          .example("[x, y, z]"),
      option("axes", &Hdf5Options::axes,
             "Of an array whose cells become rows: what its dimensions are called. Each row begins "
             "with its coordinates, which count from 0; a dimension more, the last one, is that of "
             "columns, as `names` calls them.")
          .example("[time, station]"),
      chosen_option(&Hdf5Options::columns),
  });
  return table;
}

class Hdf5Format final : public RecordFormat {
 public:
  explicit Hdf5Format(Hdf5Plan plan) : x_plan(std::move(plan)) {}

  Result<data::Schema> look(const BuildContext&,
                            const std::vector<file_list::ListedFile>& listed) const override {
    hdf5::Trial trial;
    trial.path = listed[0].path;
    trial.dataset = x_plan.dataset;
    trial.names = x_plan.names;
    trial.axes = x_plan.axes;
    trial.to_the_end = false;
    auto tried = hdf5::try_out(trial);
    if (!tried.ok()) return std::move(tried).error().during("while reading " + listed[0].name);
    const auto table = hdf5::Table::open(listed[0].path, x_plan.dataset, x_plan.names, x_plan.axes);
    if (!table.ok()) return Error(table.error()).during("while reading " + listed[0].name);
    data::Schema schema;
    for (const auto& column : (*table)->columns()) {
      schema.columns.push_back({column.name, column.type, true});
    }
    return schema;
  }
  Result<std::unique_ptr<RecordFile>> open(io::FileSystem&, const file_list::ListedFile& listed,
                                           const RecordColumns& columns) const override {
    auto file = std::make_unique<Hdf5File>(x_plan, columns);
    TRY(file->open(listed, columns.cancel));
    return std::unique_ptr<RecordFile>(std::move(file));
  }

 private:
  Hdf5Plan x_plan;
};

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  ListedSettings settings;
  settings.paths = read->path;
  settings.chosen = read->columns;
  settings.part = read->dataset;
  settings.format = std::make_shared<Hdf5Format>(Hdf5Plan{read->dataset, read->names, read->axes});
  return listed_source(std::move(settings));
}

}  // namespace

SourceEntry hdf5_source() {
  SourceEntry entry;
  entry.name = "hdf5";
  entry.summary = "Rows of a table or an array of HDF5 files.";
  entry.example = "hdf5: {path: data/*.h5, dataset: rows}";
  entry.replay = Replay::exact;
  entry.options = &options();
  entry.parse = parse;
  return entry;
}

}  // namespace leat::connectors::files
