#include "clients/file_target/durable_digest.hpp"

#include "base/assert.hpp"
#include "base/crash_point.hpp"

namespace leat::file_target {
namespace {

Result<std::string> settle(io::FileSystem& files, const std::filesystem::path& path,
                           bool wants_digest) {
  // The disk is waited for while the bytes are read.
  auto digest = std::async([&]() -> Result<std::string> {
    return wants_digest ? io::sha256_of_file(files, path) : std::string();
  });
  crash_point("file.stage.fsync.before");
  TRY(io::sync_file(files, path));
  crash_point("file.stage.fsync.after");
  return digest.get();
}

}  // namespace

void DurableDigest::start(io::FileSystem& files, const std::filesystem::path& path,
                          bool wants_digest) {
  stop();
  // Without a policy it is done by `get` where no thread is to be had.
  x_work = std::async([&files, path, wants_digest] { return settle(files, path, wants_digest); });
}

Result<std::string> DurableDigest::get() {
  if (x_work.valid()) x_done = x_work.get();
  LEAT_ASSERT(x_done.has_value());
  return *x_done;
}

void DurableDigest::stop() {
  if (x_work.valid()) x_work.wait();
  x_work = {};
  x_done.reset();
}

}  // namespace leat::file_target
