#include <unistd.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "base/crash_point.hpp"
#include "base/quantity.hpp"
#include "io/files.hpp"
#include "io/url.hpp"

namespace leat::io {
namespace {

constexpr std::size_t kCopyBytes = 1u << 20;
constexpr int kLinksMax = 40;

/// Removes what was begun, when it is not finished.
Status write_and_sync(FileSystem& files, const fs::path& path, std::string_view bytes) {
  TRY(auto file, files.open(path, Open::create_new));
  TRY(file->append(bytes));
  crash_point("write_durably.fsync.before");
  TRY(file->sync());
  crash_point("write_durably.fsync.after");
  return {};
}

}  // namespace

Result<std::string> read_text(FileSystem& files, const fs::path& path, std::uint64_t bytes_max) {
  TRY(auto file, files.open(path, Open::read));
  TRY(const FileStat found, file->stat());
  std::string text;
  std::size_t done = 0;
  text.resize(std::min(found.size, bytes_max) + 1);  // One more shows that it has grown.
  while (true) {
    TRY(const std::size_t count, file->read_at(done, text.data() + done, text.size() - done));
    done += count;
    if (done > bytes_max) {
      return Error(Fault::config, path.string() + " is larger than " + format_bytes(bytes_max));
    }
    if (done < text.size()) break;
    text.resize(text.size() * 2);
  }
  text.resize(done);
  return text;
}

Status write_durably(FileSystem& files, const fs::path& path, std::string_view bytes) {
  const fs::path temporary = path.parent_path() / ("." + path.filename().string() + "." +
                                                   std::to_string(::getpid()) + ".tmp");
  TRY(files.remove(temporary));
  Status written = write_and_sync(files, temporary, bytes);
  if (written.ok()) {
    crash_point("write_durably.rename.before");
    written = files.rename(temporary, path);
    crash_point("write_durably.rename.after");
  }
  if (!written.ok()) {
    // The first error is the one to tell; what cannot be removed is hidden and harmless.
    static_cast<void>(files.remove(temporary).ok());
    return written;
  }
  crash_point("write_durably.folder.fsync.before");
  TRY(files.sync_folder(path.parent_path()));
  crash_point("write_durably.folder.fsync.after");
  return {};
}

Status sync_file(FileSystem& files, const fs::path& path) {
  TRY(auto file, files.open(path, Open::read));
  return file->sync();
}

Status copy_bytes(FileSystem& files, const fs::path& from, File& to, std::uint64_t offset) {
  TRY(auto file, files.open(from, Open::read));
  std::vector<char> buffer(kCopyBytes);
  while (true) {
    TRY(const std::size_t count, file->read_at(offset, buffer.data(), buffer.size()));
    if (count == 0) return {};
    TRY(to.append({buffer.data(), count}));
    offset += count;
  }
}

Status copy_durably(FileSystem& files, const fs::path& from, const fs::path& to) {
  TRY(files.remove(to));
  TRY(auto file, files.open(to, Open::create_new));
  TRY(copy_bytes(files, from, *file));
  crash_point("copy_durably.fsync.before");
  TRY(file->sync());
  crash_point("copy_durably.fsync.after");
  return {};
}

Status move_durably(FileSystem& files, const fs::path& from, const fs::path& to) {
  const fs::path folder = to.parent_path();
  TRY(const FileStat source, files.stat(from));
  TRY(const FileStat target, files.stat(folder));
  const bool is_near = source.device == target.device;
  const fs::path arrived = is_near ? from : folder / ("." + to.filename().string() + ".part");
  if (!is_near) TRY(copy_durably(files, from, arrived));
  crash_point("move_durably.rename.before");
  TRY(files.rename(arrived, to));
  crash_point("move_durably.rename.after");
  TRY(files.sync_folder(folder));
  crash_point("move_durably.folder.fsync.after");
  return files.remove(from);
}

fs::path real_path(const fs::path& path) {
  if (is_url(path.native())) return path;
  std::error_code error;
  fs::path real = fs::absolute(path, error);
  for (int links = 0; links < kLinksMax && fs::is_symlink(real, error); ++links) {
    real = real.parent_path() / fs::read_symlink(real, error);
  }
  const fs::path canonical = fs::weakly_canonical(real, error);
  return error ? real.lexically_normal() : canonical;
}

}  // namespace leat::io
