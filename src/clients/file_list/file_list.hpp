#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/position.hpp"
#include "core/source.hpp"
#include "io/files.hpp"

namespace leat::file_list {

/// A file as it was when it was listed.
struct ListedFile {
  std::string name;  ///< Relative to the root where it lies beneath it: for messages and positions.
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
};

/// The files that a source reads, and which of them were read already.
///
/// Promise   a position names every file taken so far with its size and time, so a file that has
///           changed since is noticed and never half read again. Files are never cut: `bytes`
///           closes a slice after the file that reaches it, `rows` gives each file its own slice.
///           Wildcards pass by hidden files and the ledgers of our own targets. The one file of a
///           plain name is read again whole when it is another one now.
/// Threads   one at a time.
/// Errors    config    a plain name is not there; nothing matches at all.
///           external  a file that was taken has changed.
class FileList {
 public:
  FileList(io::FileSystem& files, std::filesystem::path root, std::vector<std::string> patterns);

  /// Can more files come? Known from the patterns alone.
  static bool grows(const std::vector<std::string>& patterns);

  /// All that are there now: in the order of the patterns, by path within one, none twice.
  Result<std::vector<ListedFile>> all() const;

  /// As Source::next_slice.
  Result<std::optional<Slice>> next_slice(const Position& from, const SliceLimits& limits) const;

  /// The files of a slice that `next_slice` made, each checked to be as it was listed.
  Result<std::vector<ListedFile>> files_of(const Slice& slice) const;

 private:
  Result<std::vector<ListedFile>> after(const std::vector<ListedFile>& taken) const;

  io::FileSystem& x_files;
  std::filesystem::path x_root;
  std::vector<std::string> x_patterns;
};

/// Is each file still as it was listed? Errors: external, naming the first that is not.
Status verify_unchanged(io::FileSystem& files, const std::vector<ListedFile>& listed);

}  // namespace leat::file_list
