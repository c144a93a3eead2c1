#include "io/links.hpp"

#include <system_error>
#include <utility>

namespace leat::io {

namespace fs = std::filesystem;

std::optional<std::set<std::string>> links_in(const fs::path& folder) {
  std::set<std::string> links;
  std::error_code error;
  const fs::path start = folder.empty() ? fs::path(".") : folder;
  for (fs::directory_iterator it(start, error), end; !error && it != end; it.increment(error)) {
    std::error_code vanished;
    if (it->is_symlink(vanished)) links.insert(it->path().filename().string());
  }
  return error ? std::nullopt : std::optional(std::move(links));
}

}  // namespace leat::io
