#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "io/files.hpp"

namespace leat::file_target {

/// The lines of a file that only ever grows, as they were when it was opened. They are read from
/// the disk from the last one on, as far back as they are asked for: what a publish costs does not
/// grow with those before it.
///
/// Threads   one at a time.
/// Errors    external, it is shorter than it was, or has a line of more than 128 MB.
class GrownLines {
 public:
  /// A file that is not there has none.
  static Result<GrownLines> open(io::FileSystem& files, const std::filesystem::path& path);

  /// Behind the last whole line.
  std::uint64_t end() const { return x_end; }
  /// The line that ends there, with its line end; empty at 0. Valid until the next call.
  Result<std::string_view> before(std::uint64_t end);
  /// All of them. Valid until the next call.
  Result<std::string_view> all();
  /// The last one does not count.
  Status drop_last();
  /// Nobody has written to it since, by its size and times.
  bool is_as_it_was(io::FileSystem& files) const;
  bool operator==(const GrownLines& other) const;

 private:
  Status reach_back(std::uint64_t from);
  std::string_view text(std::uint64_t from, std::uint64_t to) const;

  std::filesystem::path x_path;
  std::shared_ptr<io::File> x_file;
  io::FileStat x_stat;
  std::uint64_t x_from = 0;  ///< Of the file, where `x_text` begins; it goes on to its end.
  std::string x_text;
  std::uint64_t x_end = 0;
};

}  // namespace leat::file_target
