#include "clients/file_list/digests.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace leat::file_list {

/// What one owner has asked for.
struct DigestJob {
  enum class State { asked_for, at_work, done };

  DigestJob(io::FileSystem& of, std::vector<std::filesystem::path> these, const CancelToken* stop)
      : files(of), paths(std::move(these)), cancel(stop) {}

  Result<std::vector<std::string>> take() const {
    const auto is_over = [this] {
      return end.requested() || (cancel != nullptr && cancel->requested());
    };
    std::vector<std::string> taken;
    for (const auto& path : paths) {
      TRY(auto digest, io::sha256_of_file(files, path, is_over));
      taken.push_back(std::move(digest));
    }
    return taken;
  }

  io::FileSystem& files;
  std::vector<std::filesystem::path> paths;
  const CancelToken* cancel;
  CancelToken end;
  State state = State::asked_for;  ///< This and the digests, until they are done: of the queue.
  Result<std::vector<std::string>> digests{std::vector<std::string>()};
};

namespace {

/// What is asked for in the process, and the thread that takes it; it ends when there is no more.
class DigestQueue {
 public:
  ~DigestQueue() {
    {
      const std::lock_guard held(x_mutex);
      x_waiting.clear();
      if (x_current != nullptr) x_current->end.request();
    }
    if (x_thread.joinable()) x_thread.join();
  }

  void add(DigestJob& job) {
    const std::lock_guard held(x_mutex);
    x_waiting.push_back(&job);
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
  void finish(DigestJob& job) {
    std::unique_lock held(x_mutex);
    const auto at = std::find(x_waiting.begin(), x_waiting.end(), &job);
    if (at != x_waiting.end()) {
      x_waiting.erase(at);
      held.unlock();
      take(job);
      return;
    }
    x_is_done.wait(held, [&] { return job.state != DigestJob::State::at_work; });
  }

  bool has_failed(const DigestJob& job) {
    const std::lock_guard held(x_mutex);
    return job.state == DigestJob::State::done && !job.digests.ok();
  }

 private:
  void take(DigestJob& job) {
    auto taken = job.take();
    const std::lock_guard held(x_mutex);
    job.digests = std::move(taken);
    job.state = DigestJob::State::done;
    if (x_current == &job) x_current = nullptr;
    x_is_done.notify_all();
  }

  void work() {
    for (;;) {
      DigestJob* next = nullptr;
      {
        const std::lock_guard held(x_mutex);
        x_is_at_work = !x_waiting.empty();
        if (!x_is_at_work) return;
        next = x_waiting.front();
        x_waiting.pop_front();
        next->state = DigestJob::State::at_work;
        x_current = next;
      }
      take(*next);
    }
  }

  std::mutex x_mutex;
  std::condition_variable x_is_done;
  std::deque<DigestJob*> x_waiting;
  bool x_is_at_work = false;
  DigestJob* x_current = nullptr;  ///< Of the thread.
  std::thread x_thread;
};

DigestQueue& queue() {
  static DigestQueue one;
  return one;
}

}  // namespace

Digests::Digests(io::FileSystem& files, std::vector<std::filesystem::path> paths,
                 const CancelToken* cancel)
    : x_job(std::make_unique<DigestJob>(files, std::move(paths), cancel)) {
  queue().add(*x_job);
}

Digests::~Digests() {
  x_job->end.request();
  queue().finish(*x_job);
}

bool Digests::has_failed() const { return queue().has_failed(*x_job); }

const Result<std::vector<std::string>>& Digests::wait() {
  queue().finish(*x_job);
  return x_job->digests;
}

}  // namespace leat::file_list
