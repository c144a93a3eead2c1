#pragma once

#include <filesystem>
#include <string>

namespace leat::plan {

/// As short as it can be said from where the user stands.
std::string shown_path(const std::filesystem::path& absolute,
                       const std::filesystem::path& working_folder);

}  // namespace leat::plan
