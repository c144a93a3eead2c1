#include "base/names.hpp"
#include "config/options.hpp"
#include "connectors/files/arrow_chunks.hpp"
#include "connectors/files/file_source.hpp"
#include "connectors/files/record_source.hpp"

namespace leat::connectors::files {
namespace {

using file_list::FileList;

struct ArrowOptions {
  std::vector<std::string> path;
  std::vector<std::string> columns;
};

const config::OptionTable<ArrowOptions>& options() {
  using config::option;
  static const auto table = config::option_table<ArrowOptions>({
      option("path", &ArrowOptions::path, "Files, wildcards or a list of them.")
          .required()
          .items(1)
          .length(1, 0)
          .example("data/*.arrow"),
      option("columns", &ArrowOptions::columns, "Names of the columns to read; default: all.")
          .example("[id, name]"),
  });
  return table;
}

/// Reads the columns of the first file from all files, which must have them.
class ArrowSource final : public Source {
 public:
  ArrowSource(const ArrowOptions& options, const BuildContext& context)
      : x_options(options),
        x_files(*context.files),
        x_list(*context.files, context.root, options.path) {}

  Result<data::Schema> schema() override {
    if (x_schema) return *x_schema;
    TRY(const auto listed, x_list.all());
    if (listed.empty()) {
      return Error(Fault::config, "no file matches " + join_names(x_options.path, " or "))
          .hint("its columns are read from the first file, so there must be one");
    }
    TRY(const auto reader, open_arrow(x_files, listed[0]));
    data::Schema all;
    for (const auto& field : reader->fields())
      all.columns.push_back({field.name, field.type, true});
    TRY(x_schema, choose_columns(all, x_options.columns, listed[0].name));
    return *x_schema;
  }

  Result<std::optional<Slice>> next_slice(const Position& from,
                                          const SliceLimits& limits) override {
    return x_list.next_slice(from, limits);
  }

  Result<SliceRead> read(const Slice& slice, const ReadContext& context) override {
    TRY(auto listed, x_list.files_of(slice));
    TRY(auto columns, schema());
    std::unique_ptr<ChunkSource> chunks =
        std::make_unique<ArrowChunks>(x_files, std::move(columns), std::move(listed), context);
    return SliceRead(std::move(chunks));
  }

 private:
  ArrowOptions x_options;
  io::FileSystem& x_files;
  FileList x_list;
  std::optional<data::Schema> x_schema;
};

class ArrowSourceSpec final : public SourceSpec {
 public:
  explicit ArrowSourceSpec(ArrowOptions options) : x_options(std::move(options)) {}

  Replay replay() const override { return Replay::exact; }
  bool grows() const override { return FileList::grows(x_options.path); }
  std::optional<data::Schema> declared() const override { return std::nullopt; }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.files != nullptr);
    return std::unique_ptr<Source>(std::make_unique<ArrowSource>(x_options, context));
  }

 private:
  ArrowOptions x_options;
};

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  return std::make_unique<ArrowSourceSpec>(*read);
}

}  // namespace

SourceEntry arrow_source() {
  SourceEntry entry;
  entry.name = "arrow";
  entry.summary = "Rows of Arrow IPC files and streams.";
  entry.example = "arrow: {path: data/*.arrow}";
  entry.replay = Replay::exact;
  entry.options = &options();
  entry.parse = parse;
  return entry;
}

}  // namespace leat::connectors::files
