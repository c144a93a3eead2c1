#pragma once

#include <filesystem>
#include <string>

#include "app/project.hpp"
#include "plan/lineage.hpp"

namespace leat::app {

struct LineageAnswer {
  std::string pipeline;
  plan::Lineage lineage;
  std::string node;
  std::string column;  ///< Empty: the node as a whole.
};

/// Where `target` comes from and where it goes: `node`, `node.column`, and either with a pipeline
/// and a dot before it. Offline.
/// Errors    config: there is no such node or column, with the nearest name.
Result<LineageAnswer> lineage(const std::filesystem::path& where, const LoadOptions& options,
                              const std::string& target);

}  // namespace leat::app
