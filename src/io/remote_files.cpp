#include "io/remote_files.hpp"

#include <functional>
#include <utility>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "io/url.hpp"

namespace leat::io {

/// One file of the network, here.
struct RemoteFiles::Held {
  std::mutex mutex;  ///< Held while it is fetched.
  std::shared_ptr<File> bytes;
  FileStat stat;
};

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// Others may read the same bytes.
class SharedFile final : public File {
 public:
  SharedFile(std::shared_ptr<File> bytes, FileStat stat)
      : x_bytes(std::move(bytes)), x_stat(stat) {}

  Result<std::size_t> read_at(std::uint64_t offset, char* buffer, std::size_t size) override {
    return x_bytes->read_at(offset, buffer, size);
  }
  Status append(std::string_view) override { return no_writing(); }
  Status sync() override { return no_writing(); }
  Status truncate(std::uint64_t) override { return no_writing(); }
  Result<FileStat> stat() override { return x_stat; }

 private:
  static Error no_writing() {
    return Error(Fault::internal, "a file of the network is open for reading only");
  }

  std::shared_ptr<File> x_bytes;
  FileStat x_stat;
};

Error cannot_write(const fs::path& path) {
  return Error(Fault::config,
               "cannot write to " + path.string() + ": files are only read from there")
      .hint("give a path on this machine");
}

/// "https://user:secret@host/…" would tell the secret in every message.
bool has_password(std::string_view url) {
  const auto host = url.find("//") + 2;
  return url.substr(host, url.find_first_of("/?#", host) - host).find('@') !=
         std::string_view::npos;
}

}  // namespace

Result<std::shared_ptr<RemoteFiles::Held>> RemoteFiles::hold(const fs::path& path) {
  const auto url = path.string();
  if (has_password(url)) {
    return Error(Fault::config, "an address must not hold a name or a password")
        .hint("files behind a login are not built yet: fetch it first");
  }
  std::shared_ptr<Held> held;
  {
    const std::lock_guard lock(x_mutex);
    auto& known = x_held[url];
    if (!known) known = std::make_shared<Held>();
    held = known;
  }
  const std::lock_guard lock(held->mutex);
  if (!held->bytes) TRY(fetch(url, *held));
  return held;
}

/// The file has no name from the beginning on, so nothing is left of it whatever happens.
Status RemoteFiles::fetch(const std::string& url, Held& held) {
  const auto place = x_folder / ("leat-fetched-" + make_uuid7(system_clock()).text());
  TRY(x_files.create_folders(x_folder));
  TRY(auto written, x_files.open(place, Open::create_new));
  auto opened = x_files.open(place, Open::read);
  TRY(x_files.remove(place));
  TRY(std::shared_ptr<File> bytes, std::move(opened));
  TRY(const auto fetched, x_fetcher.fetch(url, *written));
  TRY(held.stat, bytes->stat());
  if (fetched.modified_s >= 0) {
    held.stat.mtime_ns = fetched.modified_s * kSecond +
                         std::int64_t(std::hash<std::string>()(fetched.etag) % kSecond);
  }
  held.bytes = std::move(bytes);
  return {};
}

Result<std::unique_ptr<File>> RemoteFiles::open(const fs::path& path, Open how) {
  if (!is_url(path.native())) return x_files.open(path, how);
  if (how != Open::read) return cannot_write(path);
  TRY(const auto held, hold(path));
  return std::unique_ptr<File>(std::make_unique<SharedFile>(held->bytes, held->stat));
}

Result<FileStat> RemoteFiles::stat(const fs::path& path) {
  if (!is_url(path.native())) return x_files.stat(path);
  TRY(const auto held, hold(path));
  return held->stat;
}

bool RemoteFiles::exists(const fs::path& path) {
  return is_url(path.native()) ? hold(path).ok() : x_files.exists(path);
}

Status RemoteFiles::rename(const fs::path& from, const fs::path& to) {
  if (is_url(to.native())) return cannot_write(to);
  return x_files.rename(from, to);
}

Result<bool> RemoteFiles::rename_new(const fs::path& from, const fs::path& to) {
  if (is_url(to.native())) return cannot_write(to);
  return x_files.rename_new(from, to);
}

Status RemoteFiles::copy_rights(const fs::path& from, const fs::path& to) {
  if (is_url(to.native())) return cannot_write(to);
  return x_files.copy_rights(from, to);
}

Status RemoteFiles::remove(const fs::path& path) {
  return is_url(path.native()) ? Status(cannot_write(path)) : x_files.remove(path);
}

Status RemoteFiles::create_folders(const fs::path& path) {
  return is_url(path.native()) ? Status(cannot_write(path)) : x_files.create_folders(path);
}

Status RemoteFiles::sync_folder(const fs::path& path) { return x_files.sync_folder(path); }

Result<std::vector<fs::path>> RemoteFiles::list(const fs::path& folder) {
  return x_files.list(folder);
}

Result<std::vector<fs::path>> RemoteFiles::list_folders(const fs::path& folder) {
  return x_files.list_folders(folder);
}

Result<std::vector<fs::path>> RemoteFiles::list_links(const fs::path& folder) {
  return x_files.list_links(folder);
}

Result<std::unique_ptr<FileLock>> RemoteFiles::lock(const fs::path& path) {
  return x_files.lock(path);
}

Result<std::unique_ptr<FileLock>> RemoteFiles::lock_shared(const fs::path& path) {
  return x_files.lock_shared(path);
}

}  // namespace leat::io
