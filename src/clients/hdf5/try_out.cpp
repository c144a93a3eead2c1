#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include "clients/hdf5/table.hpp"

namespace leat::hdf5 {
namespace {

constexpr std::uint64_t kRowsAtOnce = 65'536;
constexpr rlim_t kSecondsFree = 5;
constexpr std::uint64_t kBytesASecond = 1'000'000;

/// In the child: what goes wrong in an orderly way is found again, and told, by the parent.
void read_through(const std::filesystem::path& path, const std::string& dataset,
                  const std::vector<std::string>& names, bool to_the_end) {
  const auto table = Table::open(path, dataset, names);
  if (!table.ok() || !to_the_end) return;
  const std::vector<bool> all((*table)->columns().size(), true);
  Table::Rows rows;
  for (std::uint64_t first = 0; first < (*table)->rows(); first += kRowsAtOnce) {
    const auto count = std::min(kRowsAtOnce, (*table)->rows() - first);
    if (!(*table)->read(first, count, all, rows).ok()) return;
  }
}

/// Its status as waitpid tells it. The limit of its processor time ends a loop; a process that
/// waits for ever is ended here.
int end_of(pid_t child, std::chrono::seconds at_most) {
  const auto until = std::chrono::steady_clock::now() + at_most;
  for (int status = 0;;) {
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child || (ended < 0 && errno != EINTR)) return status;
    if (std::chrono::steady_clock::now() > until) kill(child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

Status try_out(const std::filesystem::path& path, const std::string& dataset,
               const std::vector<std::string>& names, bool to_the_end) {
  std::error_code unknown;
  const auto bytes = std::filesystem::file_size(path, unknown);
  const rlim_t seconds = kSecondsFree + (unknown ? 0 : bytes / kBytesASecond);
  const auto held = use_library();
  const pid_t child = fork();
  if (child < 0) return Error(Fault::external, "no process could be started to try the file out");
  if (child == 0) {
    const rlimit limit{seconds, seconds};
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CPU, &limit);
    setrlimit(RLIMIT_CORE, &no_core);
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE}) std::signal(signal, SIG_DFL);
    use_library(true);
    read_through(path, dataset, names, to_the_end);
    _exit(0);
  }
  const int status = end_of(child, std::chrono::seconds(4 * seconds + kSecondsFree));
  if (WIFEXITED(status)) return {};
  return Error(Fault::external, "the HDF5 file is broken: reading it ended the process that tried")
      .with("signal", std::to_string(WTERMSIG(status)))
      .hint("fetch it again");
}

}  // namespace leat::hdf5
