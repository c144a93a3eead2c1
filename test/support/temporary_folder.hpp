#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

#include "base/assert.hpp"

namespace leat::test {

/// A new empty folder, removed at the end with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "leat_test_XXXXXX").string();
    LEAT_ASSERT(::mkdtemp(pattern.data()) != nullptr);
    x_path = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(x_path, ignored);
  }

  const std::filesystem::path& path() const { return x_path; }
  std::filesystem::path operator/(std::string_view name) const { return x_path / name; }

  std::filesystem::path write(std::string_view name, std::string_view text) const {
    const std::filesystem::path path = x_path / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string read(std::string_view name) const {
    std::ifstream file(x_path / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path x_path;
};

}  // namespace leat::test
