#include "io/patient_lock.hpp"

#include <thread>

namespace leat::io {
namespace {

constexpr Micros kTurn = std::chrono::milliseconds(5);

}  // namespace

Result<std::unique_ptr<FileLock>> lock_within(FileSystem& files, const std::filesystem::path& path,
                                              Micros patience) {
  for (auto left = patience / kTurn;; --left) {
    auto lock = files.lock(path);
    if (lock.ok() || !lock.error().is_busy() || left <= 0) return lock;
    std::this_thread::sleep_for(kTurn);
  }
}

}  // namespace leat::io
