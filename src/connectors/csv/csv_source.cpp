#include "connectors/csv/csv_source.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/names.hpp"
#include "connectors/csv/chunk_source.hpp"
#include "connectors/csv/memory.hpp"
#include "connectors/csv/preamble.hpp"
#include "connectors/csv/sniff.hpp"
#include "connectors/csv/text_chunks.hpp"
#include "clients/text_values/decode.hpp"

namespace leat::connectors::csv {
namespace {

/// A thread is one batch ahead at most, so blocks of about one batch keep all of them at work.
constexpr std::size_t kOrderedBlockBytes = 128 * 1024;

/// Learns from headers which declared columns there are.
class ColumnSearch {
 public:
  ColumnSearch(io::FileSystem& files, const Settings& settings)
      : x_files(files), x_settings(settings) {
    for (const auto& column : settings.declared->columns) x_missing.push_back(column.name);
  }

  bool is_over() const { return x_missing.empty(); }

  Status look_into(const file_list::ListedFile& file) {
    FileFormat format = x_settings.format;
    format.footer = 0;  // Its start costs a look at the whole file.
    TRY(Input input, Input::open(x_files, file, format));
    TRY(const Preamble preamble, read_preamble(input, format));
    TRY(const Layout layout, make_layout(preamble, format, *x_settings.declared, true));
    if (!preamble.has_header) return {};
    x_with_header.push_back(file.name);
    for (const auto& name : preamble.names) {
      x_known.push_back(name);
      x_lower.insert(to_lower(name));
    }
    std::erase_if(x_missing, [&](const auto& name) { return x_lower.contains(to_lower(name)); });
    return {};
  }

  /// Files without any text miss nothing.
  Status verdict() const {
    if (is_over() || x_with_header.empty()) return {};
    const std::string who =
        x_with_header.size() == 1
            ? "`" + x_with_header[0] + "` has no column `"
            : "none of " + std::to_string(x_with_header.size()) + " files has a column `";
    return Error(Fault::config, who + x_missing[0] + "`").hint(name_hint(x_missing[0], x_known));
  }

 private:
  io::FileSystem& x_files;
  const Settings& x_settings;
  std::vector<std::string> x_missing;
  std::vector<std::string> x_known;
  std::set<std::string> x_lower;
  std::vector<std::string> x_with_header;
};

}  // namespace

std::optional<data::Schema> Settings::known() const {
  if (!declared) return std::nullopt;
  data::Schema schema = *declared;
  schema.columns.insert(schema.columns.end(), folders.begin(), folders.end());
  return schema;
}

bool Settings::is_written(std::string_view key) const {
  return std::find(written.begin(), written.end(), key) != written.end();
}

CsvSource::CsvSource(io::FileSystem& files, std::filesystem::path root, Settings settings,
                     std::shared_ptr<FoundColumns> found)
    : x_files(files),
      x_settings(std::move(settings)),
      x_list(files, std::move(root), x_settings.paths),
      x_found(std::move(found)),
      x_schema(x_settings.known()) {
  x_list.allow_streams();
}

/// Of a column that is gone its contract may still tell.
Status CsvSource::require_column(const std::string& name, const std::string& option,
                                 const data::Schema& sniffed) const {
  if (sniffed.find(name) || x_settings.types.find(name)) return {};
  return Error(Fault::config, "`" + option + "` names a column `" + name + "` that is not there")
      .hint(name_hint(name, sniffed.names()));
}

Result<data::Schema> CsvSource::schema() {
  if (!x_schema) {
    TRY(const auto listed, x_list.seen());
    if (listed.empty()) {
      return x_list.no_files(
          "the columns of a source without files must be declared: columns: {name: type}");
    }
    TRY(data::Schema sniffed, columns_in(listed));
    text_values::read_as(x_settings.types, sniffed);
    for (const auto& [name, texts] : x_settings.format.column_nulls) {
      TRY(require_column(name, "column_nulls", sniffed));
    }
    for (const auto& [name, format] : x_settings.format.column_formats) {
      TRY(require_column(name, "column_formats", sniffed));
    }
    for (const data::Column& folder : x_settings.folders) {
      if (sniffed.find(folder.name)) {
        return Error(Fault::config,
                     "`" + folder.name + "` is a folder's name and a column of " + listed[0].name)
            .hint("declare the columns that are to be read: columns: {name: type}");
      }
      sniffed.columns.push_back(folder);
    }
    x_schema = std::move(sniffed);
  }
  return *x_schema;
}

Result<data::Schema> CsvSource::columns_in(const std::vector<file_list::ListedFile>& listed) {
  if (auto known = x_found->in(listed)) return *std::move(known);
  TRY(auto sniffed, sniff_schema(x_files, listed, x_settings.format));
  x_found->keep(listed, sniffed.columns, sniffed.sample);
  return std::move(sniffed.columns);
}

Result<std::optional<Slice>> CsvSource::next_slice(const Position& from,
                                                   const SliceLimits& limits) {
  return x_list.next_slice(from, limits);
}

Result<std::vector<std::vector<FolderText>>> CsvSource::folder_texts(
    const std::vector<file_list::ListedFile>& listed) const {
  std::vector<std::vector<FolderText>> texts;
  for (const auto& file : listed) {
    TRY(auto of_file, folder_texts_of(file, x_settings.folders));
    texts.push_back(std::move(of_file));
  }
  return texts;
}

Status CsvSource::find_columns(const std::vector<file_list::ListedFile>& of_slice) {
  const FileFormat& format = x_settings.format;
  if (!x_settings.declared || format.header == 0 || !format.widths.empty()) return {};
  ColumnSearch search(x_files, x_settings);
  const auto look_into_all = [&](const std::vector<file_list::ListedFile>& files) -> Status {
    for (const auto& file : files) {
      if (search.is_over()) break;
      auto looked = search.look_into(file);
      if (!looked.ok()) return std::move(looked).error().during("reading `" + file.name + "`");
    }
    return {};
  };
  TRY(look_into_all(of_slice));
  if (search.is_over()) return {};
  // Another slice's files may have it.
  TRY(auto others, x_list.seen());
  std::erase_if(others, [&](const auto& other) {
    return std::any_of(of_slice.begin(), of_slice.end(),
                       [&](const auto& file) { return file.path == other.path; });
  });
  TRY(look_into_all(others));
  return search.verdict();
}

Result<SliceRead> CsvSource::read(const Slice& slice, const ReadContext& context) {
  TRY(auto listed, x_list.begin(slice, context.cancel, file_list::Checked::when_opened));
  TRY(find_columns(listed));
  TRY(auto columns, schema());
  TRY(auto texts, folder_texts(listed));
  ReadPlan plan{.files = &x_files,
                .format = x_settings.format,
                .schema = std::move(columns),
                .is_declared = x_settings.declared.has_value(),
                .folders = x_settings.folders.size(),
                .folder_texts = std::move(texts),
                .block_bytes = context.block_bytes};
  if (x_in_order) {
    plan.is_ordered = true;
    plan.block_bytes = std::min(plan.block_bytes, kOrderedBlockBytes);
  }
  std::unique_ptr<ChunkSource> chunks =
      std::make_unique<CsvChunks>(std::move(plan), std::move(listed), context);
  return SliceRead(std::move(chunks));
}

Result<std::unique_ptr<ChunkSource>> CsvSource::read_texts(NextRecord next,
                                                           const data::Schema& columns,
                                                           const ReadContext&) {
  ReadPlan plan{.files = &x_files,
                .format = x_settings.format,
                .schema = columns,
                .is_declared = x_settings.declared.has_value(),
                .folders = x_settings.folders.size(),
                .folder_texts = {}};
  return std::unique_ptr<ChunkSource>(
      std::make_unique<TextChunks>(std::move(plan), x_settings.folders, std::move(next)));
}

}  // namespace leat::connectors::csv
