#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace leat::app {

/// Kinds of projects that `leat new` makes, and those that are known and not built yet.
std::vector<std::string> project_types();

struct NewProject {
  std::filesystem::path folder;
  std::vector<std::filesystem::path> files;  ///< Relative to it, sorted.
};

/// Writes a project that runs at once: pipeline, sample rows, checks, tests, README.
///
/// Promise   a folder that holds anything stays as it is. The project file is written last: a
///           folder without it is not finished.
/// Errors    config: unknown type or name, folder in use.
Result<NewProject> new_project(const std::filesystem::path& folder, const std::string& type);

}  // namespace leat::app
