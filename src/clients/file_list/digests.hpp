#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "io/files.hpp"

namespace leat::file_list {

struct DigestJob;

/// The digests of files, taken beside those who read them.
///
/// Calls     the constructor asks for them; `wait` any number of times; the destructor stops what
///           is left.
/// Threads   one, that of the owner. One thread of the process takes all digests, one file after
///           the other; what it has not begun when it is waited for, who waits does.
/// Errors    those of reading the files; external and cancelled, when `cancel` was requested.
class Digests {
 public:
  Digests(io::FileSystem& files, std::vector<std::filesystem::path> paths,
          const CancelToken* cancel);
  ~Digests();
  Digests(const Digests&) = delete;
  Digests& operator=(const Digests&) = delete;

  /// As far as it is known by now.
  bool has_failed() const;
  /// SHA-256 in hex, one a file.
  const Result<std::vector<std::string>>& wait();

 private:
  std::unique_ptr<DigestJob> x_job;
};

}  // namespace leat::file_list
