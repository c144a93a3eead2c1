#include "clients/file_list/digests.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace leat::file_list {

/// What is asked for in the process, and the thread that takes it; it ends when there is no more.
class DigestQueue {
 public:
  ~DigestQueue() {
    {
      const std::lock_guard held(x_mutex);
      x_waiting.clear();
      if (x_current != nullptr) x_current->x_end.request();
    }
    if (x_thread.joinable()) x_thread.join();
  }

  void add(Digests& digests) {
    const std::lock_guard held(x_mutex);
    x_waiting.push_back(&digests);
    if (x_is_at_work) return;
    if (x_thread.joinable()) x_thread.join();  // It has nothing left to do but to end.
    try {
      x_thread = std::thread([this] { work(); });
      x_is_at_work = true;
    } catch (const std::system_error&) {
      x_is_at_work = false;  // Then who waits does it.
    }
  }

  /// When this returns nobody else has them at hand.
  void finish(Digests& digests) {
    std::unique_lock held(x_mutex);
    const auto at = std::find(x_waiting.begin(), x_waiting.end(), &digests);
    if (at != x_waiting.end()) {
      x_waiting.erase(at);
      held.unlock();
      take(digests);
      return;
    }
    x_is_done.wait(held, [&] { return digests.x_state != Digests::State::at_work; });
  }

  bool has_failed(const Digests& digests) {
    const std::lock_guard held(x_mutex);
    return digests.x_state == Digests::State::done && !digests.x_digests.ok();
  }

 private:
  void take(Digests& digests) {
    auto taken = digests.take();
    const std::lock_guard held(x_mutex);
    digests.x_digests = std::move(taken);
    digests.x_state = Digests::State::done;
    if (x_current == &digests) x_current = nullptr;
    x_is_done.notify_all();
  }

  void work() {
    for (;;) {
      Digests* next = nullptr;
      {
        const std::lock_guard held(x_mutex);
        x_is_at_work = !x_waiting.empty();
        if (!x_is_at_work) return;
        next = x_waiting.front();
        x_waiting.pop_front();
        next->x_state = Digests::State::at_work;
        x_current = next;
      }
      take(*next);
    }
  }

  std::mutex x_mutex;
  std::condition_variable x_is_done;
  std::deque<Digests*> x_waiting;
  bool x_is_at_work = false;
  Digests* x_current = nullptr;  ///< Of the thread.
  std::thread x_thread;
};

namespace {

DigestQueue& queue() {
  static DigestQueue one;
  return one;
}

}  // namespace

Digests::Digests(io::FileSystem& files, std::vector<std::filesystem::path> paths,
                 const CancelToken* cancel)
    : x_files(files), x_paths(std::move(paths)), x_cancel(cancel) {
  queue().add(*this);
}

Digests::~Digests() {
  x_end.request();
  queue().finish(*this);
}

bool Digests::has_failed() const { return queue().has_failed(*this); }

const Result<std::vector<std::string>>& Digests::wait() {
  queue().finish(*this);
  return x_digests;
}

Result<std::vector<std::string>> Digests::take() const {
  const auto is_over = [this] {
    return x_end.requested() || (x_cancel != nullptr && x_cancel->requested());
  };
  std::vector<std::string> digests;
  for (const auto& path : x_paths) {
    TRY(auto digest, io::sha256_of_file(x_files, path, is_over));
    digests.push_back(std::move(digest));
  }
  return digests;
}

}  // namespace leat::file_list
