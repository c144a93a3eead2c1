#pragma once

#include "core/catalog.hpp"
#include "plan/file_node.hpp"

namespace leat::plan {

/// "unknown connector", "not built yet" or "is a sink", at the connector's key.
void add_unknown_source(const FileNode& node, const Catalog& catalog, config::Findings& findings);
void add_unknown_sink(const FileNode& node, const Catalog& catalog, config::Findings& findings);

}  // namespace leat::plan
