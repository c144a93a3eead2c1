#pragma once

#include <filesystem>
#include <future>
#include <optional>
#include <string>

#include "io/files.hpp"

namespace leat::file_target {

/// Makes a file durable, and takes its digest where it is wanted, while its caller goes on with
/// other work.
///
/// Calls     `start`, when nobody writes to the file any more; then `get`, any number of times.
/// Threads   one; the work is done on another, which is over when this is.
/// Promise   what `get` says lasts: a file that could not be made durable once stays refused.
/// Errors    external  the disk's.
class DurableDigest {
 public:
  /// `files` outlives this. Gives up what was started before.
  void start(io::FileSystem& files, const std::filesystem::path& path, bool wants_digest);
  /// Waits. The digest in hexadecimal; empty where it was not wanted.
  Result<std::string> get();
  /// Waits, and forgets.
  void stop();

 private:
  std::future<Result<std::string>> x_work;
  std::optional<Result<std::string>> x_done;
};

}  // namespace leat::file_target
