#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "io/files.hpp"

namespace leat::io {

/// The names of the links in a folder, as its listing tells them: to look at each file of a large
/// folder by its path costs more. Nothing where it cannot be listed: look at each file then.
std::optional<std::set<std::string>> links_in(FileSystem& files,
                                              const std::filesystem::path& folder);

}  // namespace leat::io
