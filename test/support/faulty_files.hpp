#pragma once

#include <cerrno>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "io/files.hpp"
#include "io/posix_error.hpp"

namespace leat::test {

/// What kind of call fails.
enum class Call {
  any,
  open,
  stat,
  read,
  append,
  sync,
  truncate,
  rename,  ///< `rename_new` too.
  rights,
  remove,
  create_folders,
  sync_folder,
  list,
  lock,
};

/// A disk on which the n-th call of a kind fails; every other one reaches the disk beneath. With
/// nought none fails: they are counted.
///
/// Promise   a failing append writes the first half of its bytes, as a full disk does. With
///           `for_good` every call of the kind from the n-th on fails.
/// Threads   any; what is to fail is set by one while no call is under way.
class FaultyFiles final : public io::FileSystem {
 public:
  explicit FaultyFiles(io::FileSystem& files) : x_files(files) {}

  void fail(Call call, std::size_t nth, int code, bool for_good = false) {
    x_call = call;
    x_nth = nth;
    x_code = code;
    x_for_good = for_good;
    x_seen = 0;
    x_failed = false;
  }
  void heal() { fail(Call::any, 0, 0); }
  /// Calls of the kind since it was named.
  std::size_t calls() const { return x_seen; }
  /// Has the call that was to fail come?
  bool failed() const { return x_failed; }

  Result<std::unique_ptr<io::File>> open(const io::fs::path& path, io::Open how) override {
    if (hit(Call::open)) return error("open", path);
    TRY(auto file, x_files.open(path, how));
    return std::unique_ptr<io::File>(std::make_unique<FaultyFile>(*this, std::move(file), path));
  }
  Result<io::FileStat> stat(const io::fs::path& path) override {
    if (hit(Call::stat)) return error("look at", path);
    return x_files.stat(path);
  }
  bool exists(const io::fs::path& path) override { return x_files.exists(path); }
  Status rename(const io::fs::path& from, const io::fs::path& to) override {
    if (hit(Call::rename)) return error("move " + from.string() + " to", to);
    return x_files.rename(from, to);
  }
  Result<bool> rename_new(const io::fs::path& from, const io::fs::path& to) override {
    if (hit(Call::rename)) return error("move " + from.string() + " to", to);
    return x_files.rename_new(from, to);
  }
  Status copy_rights(const io::fs::path& from, const io::fs::path& to) override {
    if (hit(Call::rights)) return error("change the rights of", to);
    return x_files.copy_rights(from, to);
  }
  Status remove(const io::fs::path& path) override {
    if (hit(Call::remove)) return error("remove", path);
    return x_files.remove(path);
  }
  Status create_folders(const io::fs::path& path) override {
    if (hit(Call::create_folders)) return error("create the folder", path);
    return x_files.create_folders(path);
  }
  Status sync_folder(const io::fs::path& path) override {
    if (hit(Call::sync_folder)) return error("write to the disk the folder", path);
    return x_files.sync_folder(path);
  }
  Result<std::vector<io::fs::path>> list(const io::fs::path& folder) override {
    if (hit(Call::list)) return error("list the folder", folder);
    return x_files.list(folder);
  }
  Result<std::vector<io::fs::path>> list_folders(const io::fs::path& folder) override {
    if (hit(Call::list)) return error("list the folder", folder);
    return x_files.list_folders(folder);
  }
  Result<std::vector<io::fs::path>> list_links(const io::fs::path& folder) override {
    if (hit(Call::list)) return error("list the folder", folder);
    return x_files.list_links(folder);
  }
  Result<std::unique_ptr<io::FileLock>> lock(const io::fs::path& path) override {
    if (hit(Call::lock)) return error("lock", path);
    return x_files.lock(path);
  }
  Result<std::unique_ptr<io::FileLock>> lock_shared(const io::fs::path& path) override {
    if (hit(Call::lock)) return error("lock", path);
    return x_files.lock_shared(path);
  }

 private:
  class FaultyFile final : public io::File {
   public:
    FaultyFile(FaultyFiles& disk, std::unique_ptr<io::File> file, io::fs::path path)
        : x_disk(disk), x_file(std::move(file)), x_path(std::move(path)) {}

    Result<std::size_t> read_at(std::uint64_t offset, char* buffer, std::size_t size) override {
      if (x_disk.hit(Call::read)) return x_disk.error("read", x_path);
      return x_file->read_at(offset, buffer, size);
    }
    Status append(std::string_view bytes) override {
      if (!x_disk.hit(Call::append)) return x_file->append(bytes);
      TRY(x_file->append(bytes.substr(0, bytes.size() / 2)));
      return x_disk.error("write to", x_path);
    }
    Status sync() override {
      if (x_disk.hit(Call::sync)) return x_disk.error("write to the disk", x_path);
      return x_file->sync();
    }
    Status truncate(std::uint64_t size) override {
      if (x_disk.hit(Call::truncate)) return x_disk.error("cut", x_path);
      return x_file->truncate(size);
    }
    Result<io::FileStat> stat() override {
      if (x_disk.hit(Call::stat)) return x_disk.error("look at", x_path);
      return x_file->stat();
    }

   private:
    FaultyFiles& x_disk;
    std::unique_ptr<io::File> x_file;
    io::fs::path x_path;
  };

  bool hit(Call call) {
    if (x_call != Call::any && x_call != call) return false;
    const std::lock_guard lock(x_mutex);
    ++x_seen;
    const bool now = x_nth != 0 && (x_seen == x_nth || (x_for_good && x_seen > x_nth));
    x_failed = x_failed || now;
    return now;
  }
  Error error(std::string_view action, const io::fs::path& path) const {
    return io::posix_error(x_code, action, path);
  }

  io::FileSystem& x_files;
  Call x_call = Call::any;
  std::size_t x_nth = 0;
  std::mutex x_mutex;
  std::size_t x_seen = 0;
  int x_code = EIO;
  bool x_for_good = false;
  bool x_failed = false;
};

}  // namespace leat::test
