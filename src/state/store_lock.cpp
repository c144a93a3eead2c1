#include "state/store_lock.hpp"

#include <chrono>
#include <thread>

namespace leat::state {
namespace {

using Lock = std::unique_ptr<io::FileLock>;

constexpr auto kWait = std::chrono::milliseconds(10);
constexpr int kTries = 500;  // Five seconds: a store is moved, or found broken, in a few ms.

Result<Lock> try_often(const std::function<Result<Lock>()>& take) {
  for (int i = 1;; ++i) {
    auto lock = take();
    if (lock.ok() || !lock.error().is_busy() || i == kTries) return lock;
    std::this_thread::sleep_for(kWait);
  }
}

}  // namespace

std::filesystem::path lock_path(const std::filesystem::path& store) {
  std::filesystem::path path = store;
  path += ".lock";
  return path;
}

Result<Lock> keep_in_place(io::FileSystem& files, const std::filesystem::path& store) {
  return try_often([&] { return files.lock_shared(lock_path(store)); });
}

Result<Lock> have_alone(io::FileSystem& files, const std::filesystem::path& store,
                        const std::function<bool()>& is_still_wanted) {
  return try_often([&]() -> Result<Lock> {
    if (!is_still_wanted()) return Lock();
    return files.lock(lock_path(store));
  });
}

}  // namespace leat::state
