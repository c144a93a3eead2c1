#include "io/links.hpp"

namespace leat::io {

std::optional<std::set<std::string>> links_in(FileSystem& files,
                                              const std::filesystem::path& folder) {
  const auto listed = files.list_links(folder);
  if (!listed.ok()) return std::nullopt;
  std::set<std::string> names;
  for (const auto& link : *listed) names.insert(link.filename().string());
  return names;
}

}  // namespace leat::io
