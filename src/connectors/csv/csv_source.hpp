#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/file_list/file_list.hpp"
#include "connectors/csv/file_format.hpp"
#include "connectors/csv/file_lane.hpp"
#include "connectors/csv/found_columns.hpp"
#include "core/ordered_rows.hpp"
#include "core/reads_texts.hpp"
#include "core/source.hpp"

namespace leat::connectors::csv {

/// What an author says of a source, checked.
struct Settings {
  std::vector<std::string> paths;
  FileFormat format;
  std::optional<data::Schema> declared;
  std::optional<data::Schema> carried;  ///< `declared` as the author wrote it, where that differs.
  data::Schema types;  ///< Of columns that are not declared: what to read them as, by name.
  std::vector<data::Column> folders;  ///< Columns that stand in the names of folders.
  std::vector<std::string> written;   ///< The keys that the author wrote.
  /// All of them as far as they are known without a look at the files.
  std::optional<data::Schema> known() const;
  bool is_written(std::string_view key) const;
};

/// Reads records from text files.
class CsvSource final : public Source, public ReadsInOrder, public ReadsTexts {
 public:
  /// `found`: what sources of the same settings share.
  CsvSource(io::FileSystem& files, std::filesystem::path root, Settings settings,
            std::shared_ptr<FoundColumns> found = std::make_shared<FoundColumns>());

  void read_in_order() override { x_in_order = true; }
  Result<data::Schema> schema() override;
  Result<std::optional<Slice>> next_slice(const Position& from, const SliceLimits& limits) override;
  Result<SliceRead> read(const Slice& slice, const ReadContext& context) override;
  Result<Position> position_after(const Slice& slice) override {
    return x_list.position_after(slice);
  }
  bool reads_texts_of(const std::string&) const override { return true; }
  Result<std::unique_ptr<ChunkSource>> read_texts(NextRecord next, const data::Schema& columns,
                                                  const ReadContext& context) override;

 private:
  Result<std::vector<std::vector<FolderText>>> folder_texts(
      const std::vector<file_list::ListedFile>& listed) const;
  /// Those that `listed` have, whatever is said of their types.
  Result<data::Schema> columns_in(const std::vector<file_list::ListedFile>& listed);
  /// Errors  config, an option names a column that neither the files nor the contract have.
  Status require_column(const std::string& name, const std::string& option,
                        const data::Schema& sniffed) const;
  /// Every declared column must be in the header of some file.
  Status find_columns(const std::vector<file_list::ListedFile>& of_slice);

  io::FileSystem& x_files;
  Settings x_settings;
  file_list::FileList x_list;
  std::shared_ptr<FoundColumns> x_found;
  std::optional<data::Schema> x_schema;
  bool x_in_order = false;
};

}  // namespace leat::connectors::csv
