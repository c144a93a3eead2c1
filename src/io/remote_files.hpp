#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "io/fetch.hpp"
#include "io/files.hpp"

namespace leat::io {

/// Files behind http:// and https:// beside those of another file system.
///
/// Promise   a file of the network is fetched whole when it is first looked at, into an unnamed
///           file in `folder`, and is the same for as long as this lives. Its time is that of its
///           server, or of the fetch where the server says none. It cannot be written.
/// Threads   any.
/// Errors    those of both; config: a password in an address.
class RemoteFiles final : public FileSystem {
 public:
  RemoteFiles(FileSystem& files, Fetcher& fetcher, fs::path folder)
      : x_files(files), x_fetcher(fetcher), x_folder(std::move(folder)) {}

  Result<std::unique_ptr<File>> open(const fs::path& path, Open how) override;
  Result<FileStat> stat(const fs::path& path) override;
  bool exists(const fs::path& path) override;
  Status rename(const fs::path& from, const fs::path& to) override;
  Result<bool> rename_new(const fs::path& from, const fs::path& to) override;
  Status copy_rights(const fs::path& from, const fs::path& to) override;
  Status remove(const fs::path& path) override;
  Status create_folders(const fs::path& path) override;
  Status sync_folder(const fs::path& path) override;
  Result<std::vector<fs::path>> list(const fs::path& folder) override;
  Result<std::vector<fs::path>> list_folders(const fs::path& folder) override;
  Result<std::vector<fs::path>> list_links(const fs::path& folder) override;
  Result<std::unique_ptr<FileLock>> lock(const fs::path& path) override;
  Result<std::unique_ptr<FileLock>> lock_shared(const fs::path& path) override;

 private:
  struct Held;
  Result<std::shared_ptr<Held>> hold(const fs::path& path);
  Status fetch(const std::string& url, Held& held);

  FileSystem& x_files;
  Fetcher& x_fetcher;
  fs::path x_folder;
  std::mutex x_mutex;
  std::map<std::string, std::shared_ptr<Held>> x_held;
};

}  // namespace leat::io
