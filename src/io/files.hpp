#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace leat::io {

namespace fs = std::filesystem;

struct FileStat {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;  ///< Since 1970.
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  bool is_folder = false;
};

/// An open file. Closed by the destructor, which ignores errors: `sync` first what must last.
class File {
 public:
  virtual ~File() = default;
  /// Up to `size` bytes at `offset`; 0 at the end. Short reads only at the end of the file.
  virtual Result<std::size_t> read_at(std::uint64_t offset, char* buffer, std::size_t size) = 0;
  /// All of it, at the end. After an error a part of it may stand there. See also AlignedBlock.
  virtual Status append(std::string_view bytes) = 0;
  /// Durable when it returns. A failed sync is never retried as success: the file is lost.
  virtual Status sync() = 0;
  virtual Status truncate(std::uint64_t size) = 0;
  virtual Result<FileStat> stat() = 0;
};

enum class Open { read, create_new, append };

/// A held lock on a file; released by the destructor.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

/// The disk. Tests put another one in its place, which fails the n-th call.
///
/// Threads   any.
/// Errors    config    a path that the author gave is not there, a folder, or may not be read.
///           external  disk full, read-only, I/O error; `errno` is a fact of the error.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual Result<std::unique_ptr<File>> open(const fs::path& path, Open how) = 0;
  virtual Result<FileStat> stat(const fs::path& path) = 0;
  virtual bool exists(const fs::path& path) = 0;
  /// Atomic; replaces `to`. Both on one file system. Durable only after `sync_folder`.
  virtual Status rename(const fs::path& from, const fs::path& to) = 0;
  /// The same where nothing has the name `to` yet, not even a link; else false, and both are left
  /// as they are. External where the file system has no way to do that in one step.
  virtual Result<bool> rename_new(const fs::path& from, const fs::path& to) = 0;
  /// Gives `to` the rights of `from`, owner and group where we may; another group, others' at most.
  virtual Status copy_rights(const fs::path& from, const fs::path& to) = 0;
  virtual Status remove(const fs::path& path) = 0;  ///< No error when it is not there.
  /// Durable when it returns, with every folder on the way.
  virtual Status create_folders(const fs::path& path) = 0;
  virtual Status sync_folder(const fs::path& path) = 0;
  /// Regular files, sorted by path.
  virtual Result<std::vector<fs::path>> list(const fs::path& folder) = 0;
  /// The folders in it, sorted by path; links to folders too.
  virtual Result<std::vector<fs::path>> list_folders(const fs::path& folder) = 0;
  /// The links in it, sorted by path, whatever they lead to.
  virtual Result<std::vector<fs::path>> list_links(const fs::path& folder) = 0;
  /// Exclusive, between processes, not waiting: busy when somebody else holds it; external when
  /// the file system cannot lock. Creates the file when it is not there.
  virtual Result<std::unique_ptr<FileLock>> lock(const fs::path& path) = 0;
  /// As `lock`, but held by many at once; busy when somebody holds it exclusively.
  virtual Result<std::unique_ptr<FileLock>> lock_shared(const fs::path& path) = 0;
};

/// The machine's own disk.
FileSystem& local_files();

/// Whole text of a file of at most `bytes_max`.
Result<std::string> read_text(FileSystem& files, const fs::path& path,
                              std::uint64_t bytes_max = 64u << 20);
/// Replaces a file in one step: temporary file, fsync, rename, fsync of the folder.
Status write_durably(FileSystem& files, const fs::path& path, std::string_view bytes);
/// Fsyncs a file that somebody else has written.
Status sync_file(FileSystem& files, const fs::path& path);
/// Appends a file, from `offset` to its end, to `to`.
Status copy_bytes(FileSystem& files, const fs::path& from, File& to, std::uint64_t offset = 0);

/// Durable under its new name when it returns. On another file system it is copied, and takes its
/// name only when it is whole.
Status move_durably(FileSystem& files, const fs::path& from, const fs::path& to);
/// Copies to a file that is not there yet, or replaces what an earlier try left; durable.
Status copy_durably(FileSystem& files, const fs::path& from, const fs::path& to);
/// Absolute, with links resolved even where the last one leads to nothing yet.
fs::path real_path(const fs::path& path);

/// The order of paths, part by part, as std::filesystem has it, without taking them apart.
bool sorts_before(const std::filesystem::path& a, const std::filesystem::path& b);

/// "data/*.csv", "data/**/part-?.parquet", "[ab]" sets; a pattern without wildcards is itself.
/// As in a shell, a wildcard does not match a leading dot. A backslash takes a wildcard's meaning.
/// Sorted by path. Nothing matching is an empty list.
Result<std::vector<fs::path>> expand_glob(FileSystem& files, const fs::path& root,
                                          std::string_view pattern);
/// Which of `wanted`, real paths, the pattern would find if they were there, through links too.
Result<std::vector<fs::path>> found_if_there(FileSystem& files, const fs::path& root,
                                             std::string_view pattern,
                                             const std::vector<fs::path>& wanted);
bool has_wildcards(std::string_view pattern);

/// Hex SHA-256 of a file, of bytes. Errors: external and cancelled, when `is_over` said so, which
/// is asked now and then.
Result<std::string> sha256_of_file(FileSystem& files, const fs::path& path,
                                   const std::function<bool()>& is_over = {});
std::string sha256_of(std::string_view bytes);

}  // namespace leat::io
