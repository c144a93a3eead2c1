#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "io/byte_stream.hpp"
#include "io/decompress.hpp"
#include "io/files.hpp"

namespace leat::zip {

/// A ZIP archive, for reading.
///
/// Calls     `open`, then one entry after the other: a new one closes that before.
/// Threads   one at a time.
/// Promise   an entry's length and checksum are verified before its end is reported.
/// Errors    external  no archive, cut off, corrupt, or an entry beyond the limit.
///           config    an entry that is encrypted.
class Archive {
 public:
  static Result<std::unique_ptr<Archive>> open(std::unique_ptr<io::File> file);
  explicit Archive(std::unique_ptr<io::File> file);
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  bool has(const std::string& name);
  /// The archive outlives it.
  Result<std::unique_ptr<io::ByteStream>> entry(const std::string& name,
                                                const io::RatioLimit& limit);
  /// Bytes of the archive read so far.
  std::uint64_t file_bytes() const { return x_bytes_read; }

 private:
  class Entry;
  struct Disk;

  /// What an error of the archive's library was: that of the disk, or a broken archive.
  Error broken(std::string what) const;
  void close_entry();

  std::unique_ptr<io::File> x_file;
  std::uint64_t x_size = 0;
  std::uint64_t x_at = 0;
  std::uint64_t x_bytes_read = 0;
  std::unique_ptr<Error> x_disk_error;
  void* x_unzip = nullptr;
  bool x_is_open = false;  ///< An entry.
};

/// Has a file the mark of an archive with entries at its start?
bool looks_like_zip(std::string_view start);

}  // namespace leat::zip
