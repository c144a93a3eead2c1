#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "app/project.hpp"
#include "app/selection.hpp"

namespace leat::app {

struct CheckedPipeline {
  std::filesystem::path file;
  std::optional<plan::Plan> plan;  ///< Nothing when it has errors.
  std::vector<Diagnostic> errors;
  std::vector<Diagnostic> warnings;
};

/// Checks every pipeline that the arguments mean and that has a selected node. One that cannot be
/// planned has no nodes: its path and its name select it. Offline: no run, no write.
Result<std::vector<CheckedPipeline>> check(const std::vector<std::filesystem::path>& where,
                                           const LoadOptions& options, const Selectors& selectors);

}  // namespace leat::app
