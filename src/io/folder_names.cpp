#include "io/folder_names.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string_view>

namespace leat::io {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

bool is_of(mode_t kind, DIR* folder, const dirent& entry) {
  const bool is_told = entry.d_type != DT_UNKNOWN && (entry.d_type != DT_LNK || kind == S_IFLNK);
  if (is_told) return static_cast<mode_t>(DTTOIF(entry.d_type)) == kind;
  struct stat raw{};
  const int flags = kind == S_IFLNK ? AT_SYMLINK_NOFOLLOW : 0;
  return ::fstatat(::dirfd(folder), static_cast<const char*>(entry.d_name), &raw, flags) == 0 &&
         (raw.st_mode & S_IFMT) == kind;
}

}  // namespace

FolderNames names_in(const std::filesystem::path& folder, mode_t kind) {
  FolderNames found;
  const std::unique_ptr<DIR, CloseFolder> open(::opendir(folder.empty() ? "." : folder.c_str()));
  if (!open) return {{}, errno};
  while (true) {
    errno = 0;
    const dirent* const entry = ::readdir(open.get());
    if (entry == nullptr) break;
    const std::string_view name = static_cast<const char*>(entry->d_name);
    if (name == "." || name == ".." || !is_of(kind, open.get(), *entry)) continue;
    found.names.emplace_back(name);
  }
  if (errno != 0) return {{}, errno};
  std::sort(found.names.begin(), found.names.end());
  return found;
}

}  // namespace leat::io
