#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace leat::io {

struct FolderNames {
  std::vector<std::string> names;
  int error = 0;  ///< As errno has it; else 0.
};

/// The names of one kind in a folder, sorted as bytes: S_IFREG and S_IFDIR, where a link is what it
/// leads to, or S_IFLNK. What is gone by now is simply not there.
///
/// Promise  the folder is read once, and an entry is looked at only where its kind is not told.
FolderNames names_in(const std::filesystem::path& folder, mode_t kind);

}  // namespace leat::io
