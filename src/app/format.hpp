#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"

namespace leat::app {

struct Formatted {
  std::filesystem::path file;
  bool changed = false;
};

/// Puts the keys of pipeline and project files in the order of the reference. Comments, SQL and
/// values stay as they are. With `only_check` nothing is written.
///
/// Errors    config: a file that is no YAML, with every complaint; then no file is changed.
Result<std::vector<Formatted>> format_files(const std::vector<std::filesystem::path>& where,
                                            bool only_check);

}  // namespace leat::app
