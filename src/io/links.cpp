#include "io/links.hpp"

#include <sys/stat.h>

#include <iterator>
#include <utility>

#include "io/folder_names.hpp"

namespace leat::io {

std::optional<std::set<std::string>> links_in(const std::filesystem::path& folder) {
  auto found = names_in(folder, S_IFLNK);
  if (found.error != 0) return std::nullopt;
  return std::set<std::string>(std::make_move_iterator(found.names.begin()),
                               std::make_move_iterator(found.names.end()));
}

}  // namespace leat::io
