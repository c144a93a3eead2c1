#pragma once

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "base/assert.hpp"

namespace leat::test {

/// How a child process ended.
struct ChildEnd {
  bool killed = false;
  int exit_code = 0;
};

/// Runs one test of this program, which may be DISABLED_, in a new process with more environment.
inline ChildEnd run_in_child(const std::string& test,
                             const std::map<std::string, std::string>& environment) {
  std::vector<std::string> arguments = {"/proc/self/exe", "--gtest_filter=" + test,
                                        "--gtest_also_run_disabled_tests", "--gtest_brief=1"};
  std::vector<std::string> variables;
  for (char** it = ::environ; *it != nullptr; ++it) variables.emplace_back(*it);
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  };
  pid_t child = 0;
  LEAT_ASSERT(::posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, pointers(arguments).data(),
                            pointers(variables).data()) == 0);
  int status = 0;
  LEAT_ASSERT(::waitpid(child, &status, 0) == child);
  return {WIFSIGNALED(status), WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

/// The value of an environment variable; empty when it is not set.
inline std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace leat::test
