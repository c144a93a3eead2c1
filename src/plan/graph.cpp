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
    for (const auto& input : inputs) {
      const auto found = x_index.find(input);
      if (found == x_index.end()) continue;
      const auto end = node.inputs.end();
      if (std::find(node.inputs.begin(), end, found->second) == end) {
        node.inputs.push_back(found->second);
      }
    }
    x_index.emplace(name, x_graph.nodes.size());
    x_graph.nodes.push_back(std::move(node));
  }

 private:
  Graph& x_graph;
  const Plan& x_plan;
  std::map<std::string, std::size_t> x_index;
};

}  // namespace

void add_to_graph(Graph& graph, const Plan& plan) {
  Adder adder(graph, plan);
  for (const auto& source : plan.sources) adder.add(source.name, "source", source.connector, {});
  for (const auto& model : plan.models) {
    adder.add(model.name, model.step ? "step" : "model", "", model.inputs, model.origin);
  }
  for (const auto& sink : plan.sinks) adder.add(sink.name, "sink", sink.connector, {sink.from});
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
  plan.passes = plan_passes(plan.sources, plan.models, plan.sinks);
  return plan;
}

}  // namespace leat::plan
