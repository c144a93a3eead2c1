#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "io/files.hpp"

namespace leat::file_list {

/// The digests of files, taken on a thread of its own while others read them.
///
/// Calls     the constructor begins; `wait` any number of times; the destructor stops what is left.
/// Threads   one, that of the owner; `files` is used by the own thread too.
/// Errors    those of reading the files; external and cancelled, when `cancel` was requested.
class Digests {
 public:
  Digests(io::FileSystem& files, std::vector<std::filesystem::path> paths,
          const CancelToken* cancel);
  ~Digests();
  Digests(const Digests&) = delete;
  Digests& operator=(const Digests&) = delete;

  bool has_failed() const { return x_has_failed; }
  /// SHA-256 in hex, one a file.
  const Result<std::vector<std::string>>& wait();

 private:
  Result<std::vector<std::string>> take() const;

  io::FileSystem& x_files;
  std::vector<std::filesystem::path> x_paths;
  const CancelToken* x_cancel;
  CancelToken x_end;
  std::atomic<bool> x_has_failed{false};
  Result<std::vector<std::string>> x_digests{std::vector<std::string>()};
  std::thread x_thread;
};

}  // namespace leat::file_list
