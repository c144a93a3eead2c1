#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "clients/file_list/file_list.hpp"
#include "data/schema.hpp"

namespace leat::connectors::csv {

/// The columns that were found in the files of a source. It is opened by the plan and again by the
/// run, and as long as these see the same files, one look at each of them is enough.
///
/// Threads  any.
class FoundColumns {
 public:
  /// Nothing: not known, or one of the files is another one now.
  std::optional<data::Schema> in(const std::vector<file_list::ListedFile>& listed) const;
  /// `sample`: from which values their types were taken.
  void keep(const std::vector<file_list::ListedFile>& listed, const data::Schema& columns,
            std::string sample);
  std::string sample() const;

 private:
  struct SeenFile {
    std::string path;
    std::uint64_t size = 0;
    std::int64_t mtime_ns = 0;
    std::uint64_t inode = 0;
  };

  static bool is_same(const SeenFile& seen, const file_list::ListedFile& now);

  mutable std::mutex x_mutex;
  std::vector<SeenFile> x_files;
  data::Schema x_columns;
  std::string x_sample;
};

}  // namespace leat::connectors::csv
