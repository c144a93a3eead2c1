#include "io/posix_error.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#include "base/names.hpp"

namespace leat::io {
namespace {

namespace fs = std::filesystem;

struct Meaning {
  int code;
  Fault fault;
  const char* words;
  const char* hint;
  bool is_grave = false;
};

constexpr std::array<Meaning, 21> kMeanings{{
    {ENOENT, Fault::config, "no such file or folder", ""},
    {ENOTDIR, Fault::config, "a part of the path is a file, not a folder", ""},
    {EISDIR, Fault::config, "it is a folder", "name a file"},
    {EACCES, Fault::config, "permission denied", "check the rights of the file and its folders",
     true},
    {EPERM, Fault::config, "not permitted", "check the rights of the file and its folders", true},
    {ELOOP, Fault::config, "too many symbolic links", ""},
    {ENAMETOOLONG, Fault::config, "the name is too long", ""},
    {EEXIST, Fault::config, "it exists already", ""},
    {ESPIPE, Fault::config, "it is not a regular file", "copy it to a file first"},
    {ENOSPC, Fault::external, "the disk is full", "free some space and run again", true},
    {EDQUOT, Fault::external, "the disk quota is used up", "free some space and run again", true},
    {EROFS, Fault::external, "the file system is read-only", "", true},
    {EIO, Fault::external, "the disk reports an I/O error", "check the disk and the system log",
     true},
    {EMFILE, Fault::external, "this process has too many open files", "raise `ulimit -n`"},
    {ENFILE, Fault::external, "the machine has too many open files", ""},
    {ENOMEM, Fault::external, "the machine has no memory left", "", true},
    {EFBIG, Fault::external, "the file would be too large for this file system or its limit", ""},
    {EXDEV, Fault::external, "the two paths are on different file systems", ""},
    {ENOLCK, Fault::external, "this file system cannot lock files", "put the file on a local disk"},
    {EOPNOTSUPP, Fault::external, "this file system cannot do that",
     "put the file on a local disk"},
    {ESTALE, Fault::external, "the network file system has lost the file", ""},
}};

/// What is there in place of the first part of `path` that is missing.
std::string nearest_existing(const fs::path& path) {
  fs::path missing = path;
  std::error_code error;
  while (missing.has_parent_path() && missing.parent_path() != missing &&
         !fs::is_directory(missing.parent_path(), error)) {
    missing = missing.parent_path();
  }
  const fs::path folder = missing.has_parent_path() ? missing.parent_path() : fs::path(".");
  std::vector<std::string> names;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  const auto near = nearest_name(missing.filename().string(), names);
  if (near) return "did you mean `" + (missing.parent_path() / *near).string() + "`?";
  return missing == path ? "" : "the folder " + missing.string() + " does not exist";
}

}  // namespace

Error posix_error(int code, std::string_view action, const fs::path& path) {
  Meaning meaning{code, Fault::external, std::strerror(code), ""};
  for (const Meaning& known : kMeanings) {
    if (known.code == code) meaning = known;
  }
  const char* name = strerrorname_np(code);
  Error error = Error(meaning.fault,
                      "cannot " + std::string(action) + " " + path.string() + ": " + meaning.words)
                    .with("errno", name != nullptr ? name : std::to_string(code));
  if (meaning.is_grave) error = std::move(error).grave();
  std::string hint = code == ENOENT ? nearest_existing(path) : meaning.hint;
  return hint.empty() ? error : std::move(error).hint(std::move(hint));
}

}  // namespace leat::io
