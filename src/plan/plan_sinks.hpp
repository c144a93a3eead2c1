#pragma once

#include <optional>

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"

namespace leat::plan {

/// A sink as it stands in the file.
struct DraftSink {
  DraftNode node;
  std::string from;
  const config::Node* from_node = nullptr;      ///< Null: the key is missing, already told.
  Strategy strategy = Strategy::replace;
  const config::Node* strategy_node = nullptr;  ///< Null: the default.
};

/// Looks connectors up, checks strategy, target, columns and the guarantee that is asked for.
std::vector<SinkNode> plan_sinks(const std::vector<DraftSink>& sinks,
                                 const std::vector<SourceNode>& sources,
                                 const std::vector<ModelNode>& models,
                                 const PlanServices& services,
                                 const std::optional<Guarantee>& asked,
                                 const config::Node* asked_node, const Draft& draft,
                                 config::Findings& findings);

}  // namespace leat::plan
