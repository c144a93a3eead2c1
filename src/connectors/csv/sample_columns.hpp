#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "clients/file_list/file_list.hpp"
#include "clients/text_values/cell.hpp"
#include "connectors/csv/file_format.hpp"
#include "io/files.hpp"

namespace leat::connectors::csv {

/// Learns from a sample of files.
class SampleReader {
 public:
  virtual ~SampleReader() = default;
  /// A column that no file before had, letter case aside; its number is how many came before.
  virtual void add_column(const std::string& name) = 0;
  /// Values of that column; the text lies there until this returns.
  virtual void take(std::size_t column, std::span<const text_values::Cell> cells) = 0;
};

/// How far a sample reached.
struct SampleReach {
  std::size_t files = 0;
  std::size_t sampled = 0;      ///< Files whose values were looked at.
  std::size_t whole = 0;        ///< Of those, read from start to end.
  std::size_t cut = 0;          ///< Of those, read from their start only: packed, or recoded.
  std::uint64_t cut_bytes = 0;  ///< How much was read of each of them, unpacked.

  /// "the whole of 3 files", "the first 16.8 MB of a packed or recoded file"
  std::string told() const;
};

/// Shows `reader` the values of a sample: of up to 32 files spread evenly, pieces from all parts of
/// those where one can jump; of others, pieces of what comes first: 16 MB over all files, 4 MB
/// where unpacking is slow, at least 512 KB of each file. The columns of all files are told.
/// Errors  config, a file cannot be opened, or a name is not valid UTF-8.
Result<SampleReach> sample_columns(io::FileSystem& files,
                                   const std::vector<file_list::ListedFile>& listed,
                                   const FileFormat& format, SampleReader& reader);

}  // namespace leat::connectors::csv
