#pragma once

#include <memory>
#include <string>

#include "base/names.hpp"
#include "config/options.hpp"
#include "connectors/files/file_sink.hpp"

namespace leat::connectors::files {

inline constexpr const char* kOneFilePathSummary = "The file, relative to the project's root.";

/// A sink of one file whose rows are written here, not by the engine: they are replaced and
/// appended to.
class RowFileSinkSpec : public SinkSpec, public KeepsOrder {
 public:
  explicit RowFileSinkSpec(FileSinkOptions options) : x_options(std::move(options)) {}

  bool keeps_order() const override { return x_options.ordered; }
  bool supports(Strategy strategy) const override {
    return strategy == Strategy::replace || strategy == Strategy::append;
  }
  bool compares() const override { return false; }
  std::string target_key(const BuildContext& context) const override {
    return "file:" + target_file(context)->string();
  }
  std::optional<std::filesystem::path> target_file(const BuildContext& context) const override {
    return io::real_path(context.root / x_options.path);
  }
  Status accepts(const data::Schema& schema) const override { return require_text_form(schema); }
  Result<std::unique_ptr<Sink>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.files != nullptr);
    return file_target::open_file_target(
        *context.files, {*target_file(context), x_options.path, x_options.overwrite},
        make_format(context));
  }

 protected:
  virtual std::unique_ptr<file_target::Format> make_format(const BuildContext& context) const = 0;

 private:
  FileSinkOptions x_options;
};

/// What such a format has in common with others of its kind.
class RowFileFormat : public file_target::Format {
 public:
  explicit RowFileFormat(io::FileSystem& files) : x_files(files) {}

  Status can_meet(const data::Schema&) const override {
    return Error(Fault::config, "rows of this kind of file cannot meet others yet")
        .hint("use `strategy: replace`, or `append` the same columns; or publish to parquet");
  }
  Result<RowChanges> meet(const file_target::Meeting&) const override {
    return Error(Fault::internal, "rows were to meet in a file that cannot do so");
  }

 protected:
  io::FileSystem& files() const { return x_files; }

 private:
  io::FileSystem& x_files;
};

/// These files are not packed as a whole; one that is called so could not be read again.
inline void refuse_packed_ending(const FileSinkOptions& options, const config::Node& node,
                                 config::Findings& findings) {
  for (const char* packed : {".gz", ".zst", ".bz2", ".xz", ".lz4"}) {
    if (!to_lower(options.path).ends_with(packed)) continue;
    findings.add(
        *node.find("path"), "`" + options.path + "` would not be packed as its name says",
        "leave `" + std::string(packed) + "` out; csv and ndjson are packed by their names");
  }
}

/// What no more than one such sink asks of its options.
struct AsksNothing {
  template <typename Options>
  void operator()(const Options&, const config::Node&, config::Findings&) const {}
};

/// The options of such a sink, held against what is asked of all and what `judge` asks of its own.
template <typename Spec, typename Options, typename Judge = AsksNothing>
std::unique_ptr<SinkSpec> parse_row_file_sink(const config::OptionTable<Options>& options,
                                              const config::Node& node, config::Findings& findings,
                                              Judge judge = {}) {
  auto read = config::read_options(options, node, findings);
  if (!read) return nullptr;
  const std::size_t before = findings.size();
  finish_options(*read, node, findings);
  refuse_packed_ending(*read, node, findings);
  judge(*read, node, findings);
  return findings.size() == before ? std::make_unique<Spec>(*read) : nullptr;
}

/// The stage of a schema, some of whose columns travel as other types. `travelling` gets those.
template <typename Travel>
RowStage stage_of(const data::Schema& schema, Travel travel_type, data::Schema& travelling) {
  RowStage stage;
  travelling = schema;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const auto travels = travel_type(schema.columns[i].type);
    if (!travels) continue;
    travelling.columns[i].type = *travels;
    stage.travels_as.emplace_back(i, *travels);
  }
  return stage;
}

}  // namespace leat::connectors::files
