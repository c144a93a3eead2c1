#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "app/project.hpp"

namespace leat::app {

struct CheckedPipeline {
  std::filesystem::path file;
  std::optional<plan::Plan> plan;  ///< Nothing when it has errors.
  std::vector<Diagnostic> errors;
  std::vector<Diagnostic> warnings;
};

/// Checks every pipeline that the arguments mean. Offline: no run, no write.
Result<std::vector<CheckedPipeline>> check(const std::vector<std::filesystem::path>& where,
                                           const LoadOptions& options);

}  // namespace leat::app
