#include "io/process_identity.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <thread>

#include "io/descriptor.hpp"
#include "io/posix_error.hpp"

namespace leat::io {
namespace {

constexpr int kBeganField = 20;  ///< Of /proc/<number>/stat, counted behind the program's name.
constexpr std::chrono::milliseconds kLookAgain{20};

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

/// 0 where there is no such process, or nothing of it but its end, which nobody has asked for.
std::int64_t began_of(std::int64_t number) {
  const auto stat = text_of("/proc/" + std::to_string(number) + "/stat");
  // The name may hold anything, brackets too.
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field;
  for (int i = 0; i < kBeganField && fields >> field; ++i) {
    if (i == 0 && (field == "Z" || field == "X")) return 0;
  }
  std::int64_t began = 0;
  std::from_chars(field.data(), field.data() + field.size(), began);
  return began;
}

}  // namespace

std::string process_place() {
  auto boot = text_of("/proc/sys/kernel/random/boot_id");
  if (boot.ends_with('\n')) boot.pop_back();
  char space[64] = {};
  const auto size = ::readlink("/proc/self/ns/pid", space, sizeof space - 1);
  return boot + " " + std::string(space, size > 0 ? std::size_t(size) : 0);
}

ProcessIdentity own_process() { return {process_place(), ::getpid(), began_of(::getpid())}; }

bool is_running(const ProcessIdentity& process) {
  return process.number > 0 && process.began > 0 && process.place == process_place() &&
         began_of(process.number) == process.began;
}

/// The descriptor stands for the process, so that its number cannot become another one's between
/// the look and the signal.
Status send_signal(const ProcessIdentity& process, int signal) {
  const auto number = process.number > 0 ? process.number : -1;
  const Descriptor handle(int(::syscall(SYS_pidfd_open, pid_t(number), 0)));
  if (handle.number() < 0 || !is_running(process)) {
    return Error(Fault::config, "process " + std::to_string(process.number) + " is gone");
  }
  if (::syscall(SYS_pidfd_send_signal, handle.number(), signal, nullptr, 0) == 0) return {};
  if (errno == ESRCH) {
    return Error(Fault::config, "process " + std::to_string(process.number) + " is gone");
  }
  return posix_error(errno, "send a signal to", "process " + std::to_string(process.number));
}

bool wait_for_end(const ProcessIdentity& process, std::chrono::milliseconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  while (is_running(process)) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(kLookAgain);
  }
  return true;
}

}  // namespace leat::io
