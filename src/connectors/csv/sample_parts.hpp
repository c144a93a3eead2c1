#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "clients/file_list/open_listed.hpp"
#include "connectors/csv/part_fit.hpp"

namespace leat::connectors::csv {

constexpr std::size_t kStartBytes = 256 * 1024;

/// The start of a file and what is open behind it.
struct SampleStart {
  std::string text;
  std::string name{};  ///< Of the file; empty: there is no other.
  bool is_whole = false;
  file_list::OpenFile file;
};

/// What lies behind the start of a first file, and in others.
struct SampleParts {
  std::vector<SamplePart> parts;
  bool is_all = true;  ///< With the start every byte of every file, as it lies there.
};

/// Errors  config, external: it cannot be opened or read.
Result<SampleStart> read_start(io::FileSystem& files, const file_list::ListedFile& listed,
                               const file_list::TextForm& form, std::size_t bytes = kStartBytes);

/// Parts of files of which the start of the first was read: of up to 8 files spread evenly, their
/// starts and pieces from all over them where one can jump, of packed and recoded ones pieces of
/// what comes next: up to 4 MB, 1 MB where unpacking is slow, 256 KB of a stream. What cannot be
/// read is left out; the run will tell.
SampleParts read_parts(io::FileSystem& files, std::span<const file_list::ListedFile> listed,
                       const file_list::TextForm& form, SampleStart& start);

}  // namespace leat::connectors::csv
