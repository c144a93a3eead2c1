#pragma once

#include <filesystem>
#include <vector>

#include "app/project.hpp"
#include "plan/graph.hpp"
#include "plan/selector.hpp"

namespace leat::app {

using plan::Selectors;

/// Pipelines with their graph, and which of its nodes are meant.
struct SelectedGraph {
  std::vector<plan::Plan> plans;
  plan::Graph graph;
  std::vector<bool> chosen;          ///< By node of the graph.
  std::vector<std::size_t> plan_of;  ///< By node of the graph: index into `plans`.

  /// Names of the chosen nodes of one pipeline, in order of work; with `kind` only those.
  std::vector<std::string> names(std::size_t plan, const std::string& kind = "") const;
};

/// Reads every pipeline that the arguments mean, offline, and selects.
///
/// Errors    config: everything that is wrong in any of them, all at once; or in the selectors.
Result<SelectedGraph> select_graph(const std::vector<std::filesystem::path>& where,
                                   const LoadOptions& options, const Selectors& selectors);

/// The same with all nodes of those that are sound; with what is wrong in others.
struct SoundGraph {
  SelectedGraph graph;
  std::vector<Diagnostic> broken;
};
Result<SoundGraph> sound_graph(const std::vector<std::filesystem::path>& where,
                               const LoadOptions& options);

/// One pipeline to run, and which of its sinks.
struct RunOrder {
  std::filesystem::path file;
  std::vector<std::string> sinks;
};

/// The plan with only the sinks of the order.
plan::Plan restricted(plan::Plan plan, const RunOrder& order);

/// The pipelines that have a chosen sink. Config error when there is none.
Result<std::vector<RunOrder>> select_runs(const std::vector<std::filesystem::path>& where,
                                          const LoadOptions& options, const Selectors& selectors);

}  // namespace leat::app
