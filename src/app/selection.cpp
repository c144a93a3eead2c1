#include "app/selection.hpp"

#include <utility>

#include "app/check.hpp"
#include "app/run.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

/// At sources whose columns nobody knows yet.
enum class Look { never, where_needed };

Status look_at_columns(CheckedPipeline& broken, const LoadOptions& options) {
  auto plan = Planner(for_a_run(options)).plan_without_sources(broken.file);
  if (!plan.ok() && plan.error().diagnostics().empty()) return std::move(plan).error();
  broken.errors = plan.ok() ? std::vector<Diagnostic>() : plan.error().diagnostics();
  if (plan.ok()) broken.plan = std::move(plan).value();
  return {};
}

/// Plans all that can be planned.
Result<SoundGraph> plan_all(const std::vector<fs::path>& where, const LoadOptions& options,
                            Look look) {
  TRY(auto all, check(where, options, {}, false));
  SoundGraph out;
  for (auto& checked : all) {
    if (!checked.plan && look == Look::where_needed) TRY(look_at_columns(checked, options));
    if (checked.plan) out.graph.plans.push_back(std::move(*checked.plan));
    out.broken.insert(out.broken.end(), checked.errors.begin(), checked.errors.end());
  }
  return out;
}

void draw(SelectedGraph& graph) {
  for (std::size_t i = 0; i < graph.plans.size(); ++i) {
    plan::add_to_graph(graph.graph, graph.plans[i]);
    graph.plan_of.resize(graph.graph.nodes.size(), i);
  }
}

Result<SelectedGraph> selected_of(SoundGraph all, const Selectors& selectors) {
  if (!all.broken.empty()) return Error::of(std::move(all.broken));
  draw(all.graph);
  TRY(all.graph.chosen, plan::select_nodes(all.graph.graph, selectors));
  return std::move(all.graph);
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
  TRY(auto all, plan_all(where, options, Look::never));
  return selected_of(std::move(all), selectors);
}

Result<SoundGraph> sound_graph(const std::vector<fs::path>& where, const LoadOptions& options) {
  TRY(auto all, plan_all(where, options, Look::never));
  draw(all.graph);
  return all;
}

plan::Plan restricted(plan::Plan plan, const RunOrder& order) {
  return plan::restrict_to_sinks(std::move(plan), order.sinks);
}

Result<std::vector<RunOrder>> select_runs(const std::vector<fs::path>& where,
                                          const LoadOptions& options, const Selectors& selectors) {
  TRY(auto all, plan_all(where, options, Look::where_needed));
  TRY(const auto selected, selected_of(std::move(all), selectors));
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
