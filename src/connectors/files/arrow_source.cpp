#include "config/options.hpp"
#include "connectors/files/arrow_chunks.hpp"
#include "connectors/files/arrow_types.hpp"
#include "connectors/files/file_source.hpp"
#include "connectors/files/listed_source.hpp"

namespace leat::connectors::files {
namespace {

struct ArrowOptions {
  std::vector<std::string> path;
  std::vector<std::string> columns;
};

const config::OptionTable<ArrowOptions>& options() {
  using config::option;
  static const auto table = config::option_table<ArrowOptions>({
      files_option(&ArrowOptions::path, "data/*.arrow"),
      chosen_option(&ArrowOptions::columns),
  });
  return table;
}

/// Reads the columns of the first file from all files, which must have them.
class ArrowFormat final : public FileFormat {
 public:
  Result<data::Schema> look(const BuildContext& context,
                            const std::vector<file_list::ListedFile>& listed) const override {
    TRY(const auto reader, open_arrow(*context.files, listed[0]));
    return columns_of(reader->fields());
  }
  Result<SliceRead> read(const BuildContext& context, data::Schema columns,
                         std::vector<file_list::ListedFile> listed,
                         const ReadContext& read) const override {
    std::unique_ptr<ChunkSource> chunks =
        std::make_unique<ArrowChunks>(*context.files, std::move(columns), std::move(listed), read);
    return SliceRead(std::move(chunks));
  }
};

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  ListedSettings settings;
  settings.paths = read->path;
  settings.chosen = read->columns;
  settings.format = std::make_shared<ArrowFormat>();
  return listed_source(std::move(settings));
}

}  // namespace

SourceEntry arrow_source() {
  SourceEntry entry;
  entry.name = "arrow";
  entry.summary =
      "Rows of Arrow IPC files and streams, Feather among them. Lists, structs and maps come as "
      "the engine's own; lists of a fixed size as ARRAY, if they have no more than 4,096 values. "
      "Not "
      "read yet, and refused by name: unions, durations and intervals, decimals of other widths "
      "than "
      "128 bits, runs, views of lists.";
  entry.example = "arrow: {path: data/*.arrow}";
  entry.replay = Replay::exact;
  entry.options = &options();
  entry.parse = parse;
  return entry;
}

}  // namespace leat::connectors::files
