#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "clients/file_list/digests.hpp"
#include "clients/file_list/listed_file.hpp"
#include "clients/file_list/slice_files.hpp"
#include "core/inputs.hpp"
#include "core/source.hpp"
#include "io/files.hpp"

namespace leat::file_list {

/// When files of a slice are checked to be as they were listed: `open_listed` does it by a handle,
/// which costs less than a look by path.
enum class Checked : std::uint8_t { now, when_opened };

/// The files that a source reads, and which of them were read already.
///
/// Promise   a position names every file taken so far with its size, time and digest, so a file
///           that has changed since is noticed and never half read again, while one that was only
///           touched is no change. Digests are taken while others read the files, of the bytes that
///           they read. A position without digests is read too; then a touched file counts as
///           changed. Files are known by their real paths, and by their names where the
///           project was moved; also in positions of fan-outs. Files are never cut: `bytes` closes
///           a slice after the file that reaches it, `rows` gives each file its own slice.
///           Wildcards pass by hidden files and the ledgers of our own targets. The one file of a
///           plain name is read again whole when it is another one now. A stream (`-`, a named
///           pipe) is read whole by each run; its positions tell one run's from another's.
/// Threads   one at a time.
/// Errors    config    a plain name is not there; nothing matches at all.
///           external  a file that was taken has changed.
class FileList {
 public:
  /// `part`: which rows of each file, where sources may read others of the same file.
  FileList(io::FileSystem& files, std::filesystem::path root, std::vector<std::string> patterns,
           std::string part = {});

  /// From now on a stream may stand in the place of the files.
  void allow_streams() { x_allows_streams = true; }
  /// Is it a stream that these read, which nobody can read twice?
  static bool read_streams(const std::vector<std::string>& patterns);

  /// Can more files come? Known from the patterns alone, and of streams from what is there.
  static bool grows(const std::vector<std::string>& patterns);

  /// All that are there now: in the order of the patterns, by path within one, none twice.
  Result<std::vector<ListedFile>> all();
  /// As they were listed last, whenever that was; all, where nobody has listed them.
  Result<std::vector<ListedFile>> seen();

  /// Says that nothing matches; where a pattern is the very name of a file, that, else `hint`.
  Error no_files(const std::string& hint) const;

  /// As Source::next_slice.
  Result<std::optional<Slice>> next_slice(const Position& from, const SliceLimits& limits);

  /// The files of a slice that `next_slice` made, each checked to be as it was listed. Now they
  /// are read, so what `position_after` is to tell of them is looked for.
  Result<std::vector<ListedFile>> begin(const Slice& slice, const CancelToken* cancel = nullptr,
                                        Checked checked = Checked::now);

  /// As Source::position_after. Errors: external, a file has changed since it was listed.
  Result<Position> position_after(const Slice& slice);

 private:
  struct Folder {
    std::string real;                            ///< With links resolved and a slash at its end.
    std::optional<std::set<std::string>> links;  ///< Null: nobody has listed them.
  };

  /// Lists them anew, into x_seen.
  Status look();
  /// What is not among `taken`, or is another file now. Takes over the times of what was touched,
  /// and the names of what was moved.
  Result<std::vector<ListedFile>> after(std::vector<Input>& taken);
  Result<std::vector<Input>> read_position(const Position& from) const;
  /// Those of the slice that was made or asked for last are known.
  const SliceFiles& files_of(const Slice& slice);
  /// Begins, where it has not for this slice.
  void take_digests(const std::string& spec, const std::vector<ListedFile>& files,
                    const CancelToken* cancel);
  Result<std::vector<ListedFile>> list() const;
  Result<ListedFile> list_stream(const std::string& pattern) const;
  std::filesystem::path stream_path(const std::string& pattern) const;
  /// The one path is a stream's.
  bool is_stream() const;
  Result<std::optional<Slice>> stream_slice(const Position& from);
  Result<bool> is_as_taken(Input& taken, const ListedFile& now) const;
  std::string place_of(const ListedFile& file);
  Input input_of(const ListedFile& file);
  void move_to(Input& taken, const ListedFile& file);

  io::FileSystem& x_files;
  std::filesystem::path x_root;
  std::string x_real_root;
  std::vector<std::string> x_patterns;
  std::string x_part;
  bool x_allows_streams = false;
  std::optional<std::vector<ListedFile>> x_seen;
  std::map<std::string, Folder> x_folders;
  std::string x_spec;  ///< Of what is known.
  SliceFiles x_slice;
  std::string x_begun;  ///< The spec of the slice whose digests are taken.
  std::unique_ptr<Digests> x_digests;
};

/// What stands in the folder `name=…` on a file's way, whatever the letter case; nothing: null.
/// Errors: config, there is no such folder.
Result<std::optional<std::string>> folder_value(const ListedFile& file, std::string_view name);

/// Is each file still as it was listed, and the one whose inode is given? 0, or too few: not known.
/// Errors: external, naming the first that is not.
Status verify_unchanged(io::FileSystem& files, const std::vector<ListedFile>& listed,
                        const std::vector<std::uint64_t>& inodes = {});

/// Which of `targets`, real paths, addresses or `-` for standard input, such patterns would read if
/// they were there. What cannot be looked at is passed by: reading will tell.
std::vector<std::filesystem::path> would_read(io::FileSystem& files,
                                              const std::filesystem::path& root,
                                              const std::vector<std::string>& patterns,
                                              const std::vector<std::filesystem::path>& targets);

}  // namespace leat::file_list
