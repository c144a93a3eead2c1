#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace leat::io {

/// The names of the links in a folder, as its listing tells them: to look at each file of a large
/// folder by its path costs more. None where it cannot be looked at.
std::set<std::string> links_in(const std::filesystem::path& folder);

}  // namespace leat::io
