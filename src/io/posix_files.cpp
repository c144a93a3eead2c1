#include "io/posix_files.hpp"

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/crash_point.hpp"
#include "io/aligned_block.hpp"
#include "io/descriptor.hpp"
#include "io/folder_names.hpp"
#include "io/lock_holder.hpp"
#include "io/posix_error.hpp"

namespace leat::io {
namespace {

/// Repeats a call that a signal interrupted.
template <typename Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

FileStat to_stat(const struct stat& raw) {
  FileStat result;
  result.size = static_cast<std::uint64_t>(raw.st_size);
  result.mtime_ns = std::int64_t{raw.st_mtim.tv_sec} * 1'000'000'000 + raw.st_mtim.tv_nsec;
  result.inode = raw.st_ino;
  result.device = raw.st_dev;
  result.is_folder = S_ISDIR(raw.st_mode);
  return result;
}

class PosixFile final : public File {
 public:
  PosixFile(const PosixCalls& calls, Descriptor descriptor, fs::path path)
      : x_calls(calls), x_descriptor(std::move(descriptor)), x_path(std::move(path)) {}

  Result<std::size_t> read_at(std::uint64_t offset, char* buffer, std::size_t size) override {
    TRY(go_by_the_cache());
    std::size_t done = 0;
    while (done < size) {
      const auto at = static_cast<off_t>(offset + done);
      const ssize_t count = uninterrupted(
          [&] { return x_calls.pread(x_descriptor.number(), buffer + done, size - done, at); });
      if (count < 0) return posix_error(errno, "read", x_path);
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
    }
    return done;
  }

  Status append(std::string_view bytes) override {
    while (!bytes.empty()) {
      TRY(choose_way(bytes));
      const ssize_t count = uninterrupted(
          [&] { return x_calls.write(x_descriptor.number(), bytes.data(), bytes.size()); });
      if (count < 0 && errno == EINVAL && x_is_past_cache) {
        x_may_pass_cache = false;  // It wants larger blocks, or stands between two of them.
        continue;
      }
      if (count < 0) return posix_error(errno, "write to", x_path);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
  }

  Status sync() override {
    if (x_sync_failed) return posix_error(EIO, "write to the disk", x_path);
    if (uninterrupted([&] { return x_calls.fsync(x_descriptor.number()); }) == 0) return {};
    x_sync_failed = true;
    return posix_error(errno, "write to the disk", x_path);
  }

  Status truncate(std::uint64_t size) override {
    const auto length = static_cast<off_t>(size);
    if (uninterrupted([&] { return ::ftruncate(x_descriptor.number(), length); }) == 0) return {};
    return posix_error(errno, "cut", x_path);
  }

  Result<FileStat> stat() override {
    struct stat raw{};
    if (::fstat(x_descriptor.number(), &raw) != 0) return posix_error(errno, "look at", x_path);
    return to_stat(raw);
  }

 private:
  Status choose_way(std::string_view bytes) {
    if (!x_may_pass_cache || !is_aligned(bytes)) return go_by_the_cache();
    if (x_is_past_cache) return {};
    x_is_past_cache = x_calls.set_flags(x_descriptor.number(), O_APPEND | O_DIRECT) == 0;
    x_may_pass_cache = x_is_past_cache;
    return {};
  }

  Status go_by_the_cache() {
    if (!x_is_past_cache) return {};
    if (x_calls.set_flags(x_descriptor.number(), O_APPEND) != 0) {
      return posix_error(errno, "change how to write to", x_path);
    }
    x_is_past_cache = false;
    return {};
  }

  const PosixCalls& x_calls;
  Descriptor x_descriptor;
  fs::path x_path;
  bool x_sync_failed = false;
  bool x_may_pass_cache = true;  ///< Until its file system refuses.
  bool x_is_past_cache = false;
};

class PosixLock final : public FileLock {
 public:
  explicit PosixLock(Descriptor descriptor) : x_descriptor(std::move(descriptor)) {}

 private:
  Descriptor x_descriptor;
};

int flags_of(Open how) {
  switch (how) {
    case Open::read: return O_RDONLY | O_NONBLOCK;  // A pipe must not make us wait.
    case Open::create_new: return O_RDWR | O_CREAT | O_EXCL | O_APPEND;
    case Open::append: return O_RDWR | O_CREAT | O_APPEND;
  }
  return O_RDONLY;
}

/// What `link` says where the file system has no second names.
bool cannot_link(int code) {
  return code == EPERM || code == EOPNOTSUPP || code == ENOSYS || code == EINVAL || code == EMLINK;
}

Error no_way_to_rename_new(int code, const fs::path& from, const fs::path& to) {
  const char* name = strerrorname_np(code);
  return Error(Fault::external, "cannot move " + from.string() + " to " + to.string() +
                                    " without replacing what may be there: this file system "
                                    "can neither do that nor give a file two names")
      .with("errno", name != nullptr ? name : std::to_string(code))
      .hint("put the file on another file system");
}

class PosixFiles final : public FileSystem {
 public:
  explicit PosixFiles(const PosixCalls& calls) : x_calls(calls) {}

  Result<std::unique_ptr<File>> open(const fs::path& path, Open how) override {
    const char* action = how == Open::create_new ? "create" : "open";
    TRY(Descriptor descriptor, open_raw(path, flags_of(how), action));
    struct stat raw{};
    if (::fstat(descriptor.number(), &raw) != 0) return posix_error(errno, action, path);
    if (S_ISDIR(raw.st_mode)) return posix_error(EISDIR, action, path);
    if (!S_ISREG(raw.st_mode)) return posix_error(ESPIPE, action, path);
    return std::unique_ptr<File>(std::make_unique<PosixFile>(x_calls, std::move(descriptor), path));
  }

  Result<FileStat> stat(const fs::path& path) override {
    struct stat raw{};
    if (::stat(path.c_str(), &raw) != 0) return posix_error(errno, "look at", path);
    return to_stat(raw);
  }

  bool exists(const fs::path& path) override {
    struct stat raw{};
    return ::stat(path.c_str(), &raw) == 0;
  }

  Status rename(const fs::path& from, const fs::path& to) override {
    if (::rename(from.c_str(), to.c_str()) == 0) return {};
    const int code = errno;
    const bool from_is_there = exists(from);
    return posix_error(code, "move " + from.string() + " to", from_is_there ? to : from);
  }

  Result<bool> rename_new(const fs::path& from, const fs::path& to) override {
    if (x_calls.rename_new(from.c_str(), to.c_str()) == 0) return true;
    if (errno == EEXIST) return false;
    if (errno == ENOENT) {
      return posix_error(ENOENT, "move " + from.string() + " to", exists(from) ? to : from);
    }
    // Not every file system knows it, nor every kernel. A second name is the other way.
    if (x_calls.link(from.c_str(), to.c_str()) == 0) {
      TRY(remove(from));
      return true;
    }
    if (errno == EEXIST) return false;
    const int code = errno;
    if (cannot_link(code)) return no_way_to_rename_new(code, from, to);
    return posix_error(code, "move " + from.string() + " to", to);
  }

  Status copy_rights(const fs::path& from, const fs::path& to) override {
    struct stat raw{};
    if (::stat(from.c_str(), &raw) != 0) return posix_error(errno, "look at", from);
    TRY(const bool has_group, give_away(to, raw));
    mode_t rights = raw.st_mode & 0777u;
    // To the old file those of its new group were others.
    if (!has_group) rights &= ~mode_t{S_IRWXG} | (rights & S_IRWXO) << 3;
    if (::chmod(to.c_str(), rights) == 0) return {};
    return posix_error(errno, "change the rights of", to);
  }

  Status remove(const fs::path& path) override {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
    return posix_error(errno, "remove", path);
  }

  Status create_folders(const fs::path& path) override {
    if (path.empty() || exists(path)) return require_folder(path);
    const fs::path parent = path.parent_path();
    if (parent != path) TRY(create_folders(parent));
    if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
      return posix_error(errno, "create the folder", path);
    }
    crash_point("folder.create.fsync.before");
    TRY(sync_folder(parent));
    crash_point("folder.create.fsync.after");
    return {};
  }

  Status sync_folder(const fs::path& path) override {
    const fs::path folder = path.empty() ? fs::path(".") : path;
    TRY(Descriptor descriptor, open_raw(folder, O_RDONLY | O_DIRECTORY, "open the folder"));
    if (uninterrupted([&] { return x_calls.fsync(descriptor.number()); }) == 0) return {};
    return posix_error(errno, "write to the disk the folder", folder);
  }

  Result<std::vector<fs::path>> list(const fs::path& folder) override {
    return entries(folder, S_IFREG);
  }

  Result<std::vector<fs::path>> list_folders(const fs::path& folder) override {
    return entries(folder, S_IFDIR);
  }

  Result<std::vector<fs::path>> list_links(const fs::path& folder) override {
    return entries(folder, S_IFLNK);
  }

  Result<std::unique_ptr<FileLock>> lock(const fs::path& path) override {
    return take_lock(path, LOCK_EX);
  }

  Result<std::unique_ptr<FileLock>> lock_shared(const fs::path& path) override {
    return take_lock(path, LOCK_SH);
  }

 private:
  /// Has it the group by now? Only root gives files away, to give one to a group one has to be in
  /// it, and there are file systems and users' name spaces where nobody can.
  Result<bool> give_away(const fs::path& path, const struct stat& wanted) {
    if (x_calls.chown(path.c_str(), wanted.st_uid, wanted.st_gid) == 0) return true;
    if (x_calls.chown(path.c_str(), uid_t(-1), wanted.st_gid) == 0) return true;
    struct stat raw{};
    if (::stat(path.c_str(), &raw) != 0) return posix_error(errno, "look at", path);
    return raw.st_gid == wanted.st_gid;
  }

  Result<std::unique_ptr<FileLock>> take_lock(const fs::path& path, int how) {
    while (true) {
      TRY(Descriptor descriptor, open_raw(path, O_RDWR | O_CREAT, "open for locking"));
      const int file = descriptor.number();
      if (uninterrupted([&] { return x_calls.flock(file, how | LOCK_NB); }) != 0) {
        return errno == EWOULDBLOCK ? busy_error(path) : posix_error(errno, "lock", path);
      }
      // Somebody may have put another file there between our open and our lock.
      struct stat held{};
      struct stat named{};
      if (::fstat(file, &held) != 0) return posix_error(errno, "look at", path);
      const bool same = ::stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
                        held.st_dev == named.st_dev;
      if (same) {
        return std::unique_ptr<FileLock>(std::make_unique<PosixLock>(std::move(descriptor)));
      }
    }
  }

  Result<Descriptor> open_raw(const fs::path& path, int flags, std::string_view action) {
    const int value =
        uninterrupted([&] { return x_calls.open(path.c_str(), flags | O_CLOEXEC, 0666); });
    if (value < 0) return posix_error(errno, action, path);
    return Descriptor(value);
  }

  Status require_folder(const fs::path& path) {
    if (path.empty()) return {};
    TRY(const FileStat found, stat(path));
    if (found.is_folder) return {};
    return posix_error(ENOTDIR, "create the folder", path);
  }

  static Result<std::vector<fs::path>> entries(const fs::path& folder, mode_t kind) {
    const auto listed = names_in(folder, kind);
    if (listed.error != 0) {
      return posix_error(listed.error, "list the folder", folder.empty() ? fs::path(".") : folder);
    }
    // Names in the order of bytes are in that of paths, too.
    const std::string start = (folder / "").native();
    std::vector<fs::path> found;
    found.reserve(listed.names.size());
    for (const auto& name : listed.names) found.emplace_back(start + name);
    return found;
  }

  const PosixCalls& x_calls;
};

int open_file(const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); }

int rename_new(const char* from, const char* to) {
  return ::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int set_flags(int file, int flags) { return ::fcntl(file, F_SETFL, flags); }

}  // namespace

const PosixCalls& posix_calls() {
  static constexpr PosixCalls calls{open_file, ::pread,    ::write, ::fsync, ::flock,
                                    set_flags, rename_new, ::link,  ::chown};
  return calls;
}

std::unique_ptr<FileSystem> make_posix_files(const PosixCalls& calls) {
  return std::make_unique<PosixFiles>(calls);
}

FileSystem& local_files() {
  static const std::unique_ptr<FileSystem> files = make_posix_files(posix_calls());
  return *files;
}

}  // namespace leat::io
