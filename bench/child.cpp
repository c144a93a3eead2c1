#include "child.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/assert.hpp"

namespace leat::bench {
namespace {

double seconds(const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; }

[[noreturn]] void become(const Command& command, int output) {
  if (!command.folder.empty() && ::chdir(command.folder.c_str()) != 0) ::_exit(126);
  for (const auto& [name, value] : command.environment) {
    ::setenv(name.c_str(), value.c_str(), 1);
  }
  std::vector<std::string> arguments = command.arguments;
  std::vector<char*> pointers;
  for (auto& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  ::dup2(output, STDOUT_FILENO);
  ::execvp(pointers[0], pointers.data());
  ::_exit(127);
}

std::string read_all(int file) {
  std::string text;
  char buffer[65536];
  for (ssize_t got = 0; (got = ::read(file, buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, std::size_t(got));
  }
  return text;
}

}  // namespace

Cost run_child(const Command& command) {
  int ends[2];
  LEAT_ASSERT(::pipe2(ends, O_CLOEXEC) == 0);
  const auto start = std::chrono::steady_clock::now();
  const auto child = ::fork();
  LEAT_ASSERT(child >= 0);
  if (child == 0) become(command, ends[1]);
  ::close(ends[1]);
  Cost cost;
  cost.output = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  rusage usage{};
  LEAT_ASSERT(::wait4(child, &status, 0, &usage) == child);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  cost.wall_s = wall.count();
  cost.cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  cost.memory_mb = double(usage.ru_maxrss) * 1024 / 1e6;
  cost.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return cost;
}

Cost run_well(const Command& command) {
  auto cost = run_child(command);
  if (cost.exit_code == 0) return cost;
  std::fprintf(stderr, "bench: exit code %d of", cost.exit_code);
  for (const auto& argument : command.arguments) std::fprintf(stderr, " %s", argument.c_str());
  std::fprintf(stderr, "\n%s\n", cost.output.c_str());
  std::exit(1);
}

double median(std::vector<double> values) {
  LEAT_ASSERT(!values.empty());
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace leat::bench
