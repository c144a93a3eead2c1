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
/// planned has no nodes: its path and its name select it. Offline: no run, no write. With `connect`
/// the sources are looked at as a run does, and contracts are written where a run would write them.
Result<std::vector<CheckedPipeline>> check(const std::vector<std::filesystem::path>& where,
                                           const LoadOptions& options, const Selectors& selectors,
                                           bool connect);

}  // namespace leat::app
