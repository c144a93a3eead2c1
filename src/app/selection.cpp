#include "app/selection.hpp"

#include <utility>

#include "app/check.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

/// Plans all; what is wrong in several files is told at once.
Result<std::vector<plan::Plan>> plan_all(const std::vector<fs::path>& where,
                                         const LoadOptions& options) {
  TRY(auto all, check(where, options, {}, false));
  std::vector<plan::Plan> plans;
  std::vector<Diagnostic> found;
  for (auto& checked : all) {
    if (checked.plan) plans.push_back(std::move(*checked.plan));
    found.insert(found.end(), checked.errors.begin(), checked.errors.end());
  }
  if (!found.empty()) return Error::of(std::move(found));
  return plans;
}

}  // namespace

std::vector<std::string> SelectedGraph::names(std::size_t plan, const std::string& kind) const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto& node = graph.nodes[i];
    if (plan_of[i] != plan || !chosen[i]) continue;
    if (kind.empty() || node.kind == kind) out.push_back(node.name);
  }
  return out;
}

Result<SelectedGraph> select_graph(const std::vector<fs::path>& where, const LoadOptions& options,
                                   const Selectors& selectors) {
  SelectedGraph out;
  TRY(out.plans, plan_all(where, options));
  for (std::size_t i = 0; i < out.plans.size(); ++i) {
    plan::add_to_graph(out.graph, out.plans[i]);
    out.plan_of.resize(out.graph.nodes.size(), i);
  }
  TRY(out.chosen, plan::select_nodes(out.graph, selectors));
  return out;
}

plan::Plan restricted(plan::Plan plan, const RunOrder& order) {
  return plan::restrict_to_sinks(std::move(plan), order.sinks);
}

Result<std::vector<RunOrder>> select_runs(const std::vector<fs::path>& where,
                                          const LoadOptions& options, const Selectors& selectors) {
  TRY(const auto selected, select_graph(where, options, selectors));
  std::vector<RunOrder> runs;
  for (std::size_t i = 0; i < selected.plans.size(); ++i) {
    auto sinks = selected.names(i, "sink");
    if (!sinks.empty()) runs.push_back({selected.plans[i].file, std::move(sinks)});
  }
  if (runs.empty()) {
    return Error(Fault::config, "no sink is selected, so nothing would be published")
        .hint("write x+ to take along what rests on x; `leat ls` lists the nodes");
  }
  return runs;
}

}  // namespace leat::app
