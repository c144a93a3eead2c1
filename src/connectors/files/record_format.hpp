#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connectors/files/listed_source.hpp"
#include "connectors/files/seen_columns.hpp"

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
  /// Which columns its records have had under the names that `RecordFormat::sought` tells.
  virtual const SeenColumns* seen() const { return nullptr; }
};

/// What is read of each file.
struct RecordColumns {
  const data::Schema& schema;
  const std::vector<bool>& wanted;  ///< One a column.
  const CancelToken* cancel = nullptr;
};

/// A format whose files are read each by one thread, from the first record to the last. Held by
/// shared pointers.
class RecordFormat : public FileFormat, public std::enable_shared_from_this<RecordFormat> {
 public:
  /// The names under which columns lie in records that need not have them all; empty where the
  /// columns were found in the files.
  virtual std::vector<std::string> sought(const data::Schema& columns) const {
    static_cast<void>(columns);
    return {};
  }
  /// As ChunkSource::raw_form, of any file.
  virtual std::string raw_form() const { return kRawColumns; }
  /// What it is given outlives the file.
  virtual Result<std::unique_ptr<RecordFile>> open(io::FileSystem& files,
                                                   const file_list::ListedFile& listed,
                                                   const RecordColumns& columns) const = 0;
  Result<SliceRead> read(const BuildContext& context, data::Schema columns,
                         std::vector<file_list::ListedFile> listed,
                         const ReadContext& read) const final;
};

}  // namespace leat::connectors::files
