#include "plan/graph.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "plan/passes.hpp"

namespace leat::plan {
namespace {

namespace fs = std::filesystem;

std::string below_root(const fs::path& path, const fs::path& root) {
  const auto relative = fs::absolute(path).lexically_normal().lexically_relative(root);
  return relative.empty() ? path.string() : relative.generic_string();
}

/// Adds the nodes of one pipeline and knows where they stand.
class Adder {
 public:
  Adder(Graph& graph, const Plan& plan) : x_graph(graph), x_plan(plan) {}

  void add(const std::string& name, const char* kind, const std::string& connector,
           const std::vector<std::string>& inputs, const std::string& origin = "") {
    GraphNode node;
    node.pipeline = x_plan.pipeline;
    node.name = name;
    node.kind = kind;
    node.connector = connector;
    node.tags = x_plan.tags;
    node.files.push_back(below_root(x_plan.file, x_plan.root));
    if (!origin.empty()) {
      auto file = below_root(origin, x_plan.root);
      if (file != node.files.front()) node.files.push_back(std::move(file));
    }
    x_index.emplace(name, x_graph.nodes.size());
    x_inputs.emplace_back(x_graph.nodes.size(), inputs);
    x_graph.nodes.push_back(std::move(node));
  }

  /// When all nodes are there: a source may rest on a model, whose rows are its items.
  void connect() {
    for (const auto& [at, names] : x_inputs) {
      auto& inputs = x_graph.nodes[at].inputs;
      for (const auto& name : names) {
        const auto found = x_index.find(name);
        if (found == x_index.end()) continue;
        if (std::find(inputs.begin(), inputs.end(), found->second) != inputs.end()) continue;
        inputs.push_back(found->second);
      }
    }
  }

 private:
  Graph& x_graph;
  const Plan& x_plan;
  std::map<std::string, std::size_t> x_index;
  std::vector<std::pair<std::size_t, std::vector<std::string>>> x_inputs;
};

}  // namespace

void add_to_graph(Graph& graph, const Plan& plan) {
  Adder adder(graph, plan);
  for (const auto& source : plan.sources) {
    std::vector<std::string> inputs;
    if (source.items) inputs.push_back(source.items->node);
    adder.add(source.name, "source", source.connector, inputs);
  }
  for (const auto& model : plan.models) {
    adder.add(model.name, model.step ? "step" : "model", "", model.inputs, model.origin);
  }
  for (const auto& sink : plan.sinks) adder.add(sink.name, "sink", sink.connector, {sink.from});
  adder.connect();
}

std::vector<std::vector<std::size_t>> readers_of(const Graph& graph) {
  std::vector<std::vector<std::size_t>> readers(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const auto input : graph.nodes[i].inputs) readers[input].push_back(i);
  }
  return readers;
}

Plan restrict_to_sinks(Plan plan, const std::vector<std::string>& sinks) {
  std::vector<SinkNode> kept;
  for (auto& sink : plan.sinks) {
    if (std::find(sinks.begin(), sinks.end(), sink.name) != sinks.end()) {
      kept.push_back(std::move(sink));
    } else {
      plan.left_out.push_back(sink.name);
    }
  }
  plan.sinks = std::move(kept);
  plan.passes = plan_passes(plan.sources, plan.models, plan.sinks, plan.policy.profile);
  return plan;
}

}  // namespace leat::plan
