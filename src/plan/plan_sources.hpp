#pragma once

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"

namespace leat::plan {

/// Looks connectors up, reads their options and finds out the columns.
void plan_sources(const std::vector<DraftNode>& nodes, const PlanServices& services, Draft& draft,
                  config::Findings& findings);

/// "unknown connector", "not built yet" or "is a sink", at the connector's key.
void add_unknown_source(const DraftNode& node, const Catalog& catalog, config::Findings& findings);
void add_unknown_sink(const DraftNode& node, const Catalog& catalog, config::Findings& findings);

}  // namespace leat::plan
