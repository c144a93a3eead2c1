#include "state/store_lock.hpp"

#include <chrono>
#include <thread>

namespace leat::state {
namespace {

using Lock = std::unique_ptr<io::FileLock>;

constexpr auto kWait = std::chrono::milliseconds(10);
constexpr auto kWaitAtMost = std::chrono::seconds(5);  // A store is moved in a few ms.

Result<Lock> try_often(const std::function<Result<Lock>()>& take) {
  for (const auto end = std::chrono::steady_clock::now() + kWaitAtMost;;) {
    auto lock = take();
    if (lock.ok() || !lock.error().is_busy() || std::chrono::steady_clock::now() >= end)
      return lock;
    std::this_thread::sleep_for(kWait);
  }
}

}  // namespace

std::filesystem::path lock_path(const std::filesystem::path& store) {
  std::filesystem::path path = store;
  path += ".lock";
  return path;
}

std::filesystem::path damage_mark(const std::filesystem::path& store) {
  std::filesystem::path path = store;
  path += ".damaged";
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
