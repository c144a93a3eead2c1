#pragma once

#include <functional>
#include <map>
#include <string>

#include "config/environment.hpp"
#include "config/text_files.hpp"

namespace leat::plan {

/// Variables of a test.
class FakeEnvironment final : public config::Environment {
 public:
  std::map<std::string, std::string, std::less<>> variables;

  std::optional<std::string> find(std::string_view name) const override {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  }
  std::vector<std::pair<std::string, std::string>> starting_with(
      std::string_view prefix) const override {
    std::vector<std::pair<std::string, std::string>> found;
    for (const auto& [name, value] : variables) {
      if (std::string_view(name).starts_with(prefix)) found.emplace_back(name, value);
    }
    return found;
  }
};

/// Files of a test, in memory.
class FakeFiles final : public config::TextFiles {
 public:
  std::map<std::filesystem::path, std::string> texts;
  bool open = false;  ///< Every file may be read by anybody.

  bool exists(const std::filesystem::path& file) const override { return texts.contains(file); }
  Result<std::string> read(const std::filesystem::path& file,
                           std::uint64_t bytes_max) const override {
    const auto found = texts.find(file);
    if (found == texts.end()) {
      return Error(Fault::config, "cannot be read: No such file or directory");
    }
    if (found->second.size() > bytes_max) return Error(Fault::config, "larger than the limit");
    return found->second;
  }
  Result<bool> open_to_others(const std::filesystem::path&) const override { return open; }
};

}  // namespace leat::plan
