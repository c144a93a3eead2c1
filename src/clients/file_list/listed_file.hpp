#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace leat::io {
class Stream;
}

namespace leat::file_list {

/// A file as it was when it was listed.
struct ListedFile {
  std::string name;  ///< Relative to the root where it lies beneath it: for messages and positions.
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  /// Null: a file of a disk. Else nothing is known of its size and time.
  std::shared_ptr<io::Stream> stream;
  std::uint64_t inode = 0;  ///< 0: not known.
};

}  // namespace leat::file_list
