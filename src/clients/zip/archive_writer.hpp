#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "io/files.hpp"

namespace leat::zip {

/// A ZIP archive, for writing from its start to its end: nothing is written twice, so that a file
/// which can only grow is enough.
///
/// Calls     `create`, then `begin`, `write` any number of times and `end` for each entry, and
///           `close`.
/// Threads   one at a time.
/// Promise   the same entries make the same bytes.
/// Errors    data      an entry or the archive of 4 GiB or more. external  the disk.
/// Source    PKWARE APPNOTE 6.3.9, with lengths behind the entries (bit 3); deflate by zlib.
class ArchiveWriter {
 public:
  static Result<std::unique_ptr<ArchiveWriter>> create(io::FileSystem& files,
                                                       const std::filesystem::path& path);
  explicit ArchiveWriter(std::unique_ptr<io::File> file);
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  Status begin(const std::string& name);
  Status write(std::string_view bytes);
  Status end();
  /// A whole entry.
  Status add(const std::string& name, std::string_view bytes);
  Status close();

 private:
  struct Deflate;
  struct Entry {
    std::string name;
    std::uint32_t checksum = 0;
    std::uint64_t packed = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
  };

  Status pack(std::string_view bytes, bool is_last);
  Status append(std::string_view bytes);

  std::unique_ptr<io::File> x_file;
  std::unique_ptr<Deflate> x_deflate;
  std::vector<Entry> x_entries;
  std::uint64_t x_at = 0;
};

}  // namespace leat::zip
