#pragma once

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"
#include "plan/pipeline_file.hpp"

namespace leat::plan {

/// Looks connectors up, reads their options and finds out the columns.
void plan_sources(const std::vector<FileSource>& sources, const PlanServices& services,
                  Draft& draft, config::Findings& findings);

/// "unknown connector", "not built yet" or "is a sink", at the connector's key.
void add_unknown_source(const FileNode& node, const Catalog& catalog, config::Findings& findings);
void add_unknown_sink(const FileNode& node, const Catalog& catalog, config::Findings& findings);

}  // namespace leat::plan
