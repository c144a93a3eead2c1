#include "config/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace leat::config {
namespace {

class ProcessEnvironment final : public Environment {
 public:
  std::optional<std::string> find(std::string_view name) const override {
    const char* value = std::getenv(std::string(name).c_str());
    if (!value) return std::nullopt;
    return value;
  }

  std::vector<std::pair<std::string, std::string>> starting_with(
      std::string_view prefix) const override {
    std::vector<std::pair<std::string, std::string>> found;
    for (char** at = environ; at && *at; ++at) {
      const std::string_view entry(*at);
      const auto equals = entry.find('=');
      if (!entry.starts_with(prefix) || equals == entry.npos) continue;
      found.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
    }
    std::sort(found.begin(), found.end());
    return found;
  }
};

}  // namespace

const Environment& process_environment() {
  static const ProcessEnvironment environment;
  return environment;
}

}  // namespace leat::config
