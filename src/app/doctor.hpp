#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace leat::app {

/// One thing that was looked at.
struct Finding {
  std::string what;
  bool ok = true;
  std::string detail;
  std::string advice;  ///< What to do; empty when ok.
};

/// Looks at the machine, the engine and the project of `where`. Writes one small file and removes
/// it again.
std::vector<Finding> doctor(const std::filesystem::path& where);

}  // namespace leat::app
