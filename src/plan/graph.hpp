#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace leat::plan {

/// One node of one pipeline, as selectors and pictures see it.
struct GraphNode {
  std::string pipeline;
  std::string name;
  std::string kind;                ///< source, model, sink; "pipeline" for one without a plan.
  std::string connector;           ///< Empty for a model.
  std::vector<std::string> files;  ///< Where it is written, relative to the project's root.
  std::vector<std::string> tags;
  std::vector<std::size_t> inputs;  ///< Indices of nodes; each once.
};

/// Nodes of any number of pipelines, inputs before what reads them.
struct Graph {
  std::vector<GraphNode> nodes;
};

/// Appends the nodes of a pipeline.
void add_to_graph(Graph& graph, const Plan& plan);

/// For each node the indices of the nodes that read it.
std::vector<std::vector<std::size_t>> readers_of(const Graph& graph);

/// Keeps only these sinks, cuts the passes anew and remembers the others as left out.
///
/// Promise   the version stays: it is the same pipeline, of which less is done.
Plan restrict_to_sinks(Plan plan, const std::vector<std::string>& sinks);

}  // namespace leat::plan
