#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

namespace leat::test {

/// The script, seen from the folder that a test runs in: somewhere below the tree.
inline std::filesystem::path postgres_script() {
  std::error_code ignored;
  for (auto folder = std::filesystem::current_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    const auto script = folder / "test/servers/postgres";
    if (std::filesystem::is_regular_file(script, ignored)) return script;
  }
  return "test/servers/postgres";
}

/// The server of the tests, which is started where it does not run; empty, with the reason, where
/// it cannot be had.
inline std::string postgres_url(std::string& why) {
  std::string said;
  std::FILE* pipe = ::popen((postgres_script().string() + " start 2>&1").c_str(), "r");
  std::array<char, 256> piece{};
  while (pipe != nullptr && std::fgets(piece.data(), piece.size(), pipe) != nullptr) {
    said += piece.data();
  }
  const int end = pipe == nullptr ? 1 : ::pclose(pipe);
  if (said.ends_with('\n')) said.pop_back();
  if (end == 0) return said;
  why = said;
  return "";
}

}  // namespace leat::test
