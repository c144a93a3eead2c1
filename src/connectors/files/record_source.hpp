#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clients/file_list/file_list.hpp"
#include "config/findings.hpp"
#include "config/read_value.hpp"
#include "core/catalog.hpp"
#include "core/source.hpp"

namespace leat::connectors::files {

/// One file of records, open, in the hands of one thread.
///
/// Promise   as ChunkReader: long strings stay where they are until the next-but-one `next`, also
///           when the file ended meanwhile.
class RecordFile {
 public:
  virtual ~RecordFile() = default;
  /// As ChunkReader::next; the places of rows need not name their file.
  virtual Result<std::uint32_t> next(RowBatch& batch) = 0;
  virtual std::string raw(std::uint32_t row) const = 0;
  /// Bytes of the file taken so far.
  virtual std::uint64_t file_bytes() const = 0;
};

/// What is read of each file.
struct RecordColumns {
  const data::Schema& schema;
  const std::vector<bool>& wanted;  ///< One a column.
};

/// A format whose files are read each by one thread, from the first record to the last.
///
/// Threads   any.
class RecordFormat {
 public:
  virtual ~RecordFormat() = default;
  /// The columns of files, which are one at least, as far as the files tell.
  virtual Result<data::Schema> look(io::FileSystem& files,
                                    const std::vector<file_list::ListedFile>& listed) const = 0;
  /// What it is given outlives the file.
  virtual Result<std::unique_ptr<RecordFile>> open(io::FileSystem& files,
                                                   const file_list::ListedFile& listed,
                                                   const RecordColumns& columns) const = 0;
};

/// A source of such files.
struct RecordSettings {
  std::vector<std::string> paths;
  std::optional<data::Schema> declared;  ///< By the author; nothing: the files are looked at.
  std::vector<std::string> chosen;       ///< Of the columns that were found; none: all.
  bool is_guessed = false;               ///< Types that are not declared are guesses from text.
  data::Schema types;                    ///< What to read guessed columns as, by name.
  std::shared_ptr<const RecordFormat> format;
};
std::unique_ptr<SourceSpec> record_source(RecordSettings settings);

using DeclaredColumns =
    std::vector<std::pair<config::Located<std::string>, config::Located<std::string>>>;

/// What an author declared of columns that come as text; nothing when that is nothing. `where` is
/// the format's name.
std::optional<data::Schema> read_declared(const DeclaredColumns& columns, const std::string& where,
                                          config::Findings& findings);

/// The columns of these names, in their order; all when there are none. Errors: config.
Result<data::Schema> choose_columns(const data::Schema& all, const std::vector<std::string>& names,
                                    const std::string& file);

}  // namespace leat::connectors::files
