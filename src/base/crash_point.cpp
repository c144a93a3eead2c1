#include "base/crash_point.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string>

namespace leat {
namespace {

struct CrashPlan {
  std::string name;
  long arrival = 1;
  std::string list_path;
};

CrashPlan read_plan() {
  CrashPlan plan;
  if (const char* at = std::getenv("LEAT_CRASH_AT")) {
    plan.name = at;
    if (const auto colon = plan.name.rfind(':'); colon != std::string::npos) {
      std::from_chars(plan.name.data() + colon + 1, plan.name.data() + plan.name.size(),
                      plan.arrival);
      plan.name.resize(colon);
    }
  }
  if (const char* list = std::getenv("LEAT_CRASH_LIST")) plan.list_path = list;
  return plan;
}

void note_arrival(const std::string& path, std::string_view name) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return;
  const std::string line = std::string(name) + "\n";
  [[maybe_unused]] const auto written = ::write(file, line.data(), line.size());
  ::close(file);
}

}  // namespace

void crash_point(std::string_view name) {
  static const CrashPlan plan = read_plan();
  static std::atomic<long> arrivals{0};
  if (!plan.list_path.empty()) note_arrival(plan.list_path, name);
  if (plan.name == name && ++arrivals == plan.arrival) ::kill(::getpid(), SIGKILL);
}

void stop_point(std::string_view name) {
  const char* at = std::getenv("LEAT_STOP_AT");
  if (at != nullptr && name == at) ::kill(::getpid(), SIGSTOP);
}

}  // namespace leat
