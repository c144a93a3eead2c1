#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/graph_text.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

std::vector<std::string> input_names(const plan::Graph& graph, const plan::GraphNode& node) {
  std::vector<std::string> names;
  for (const auto input : node.inputs) names.push_back(graph.nodes[input].name);
  return names;
}

json nodes_json(const app::SelectedGraph& selected) {
  json list = json::array();
  for (std::size_t i = 0; i < selected.graph.nodes.size(); ++i) {
    if (!selected.chosen[i]) continue;
    const auto& node = selected.graph.nodes[i];
    list.push_back({{"pipeline", node.pipeline},
                    {"name", node.name},
                    {"kind", node.kind},
                    {"connector", node.connector},
                    {"inputs", input_names(selected.graph, node)},
                    {"tags", node.tags},
                    {"files", node.files}});
  }
  return list;
}

json pipelines_json(const app::SelectedGraph& selected) {
  json list = json::array();
  for (std::size_t i = 0; i < selected.plans.size(); ++i) {
    const auto names = selected.names(i);
    if (names.empty()) continue;
    const auto& plan = selected.plans[i];
    list.push_back({{"name", plan.pipeline},
                    {"file", plan.file.string()},
                    {"description", plan.description},
                    {"owner", plan.owner},
                    {"tags", plan.tags},
                    {"nodes", names}});
  }
  return list;
}

Rows node_rows(const app::SelectedGraph& selected) {
  Rows rows{{"pipeline", "node", "kind", "connector", "reads", "tags"}};
  for (std::size_t i = 0; i < selected.graph.nodes.size(); ++i) {
    if (!selected.chosen[i]) continue;
    const auto& node = selected.graph.nodes[i];
    rows.push_back({node.pipeline, node.name, node.kind, node.connector,
                    joined(input_names(selected.graph, node)), joined(node.tags)});
  }
  return rows;
}

Rows pipeline_rows(const app::SelectedGraph& selected) {
  Rows rows{{"pipeline", "sources", "models", "sinks", "tags", "owner", "description"}};
  for (std::size_t i = 0; i < selected.plans.size(); ++i) {
    if (selected.names(i).empty()) continue;
    const auto& plan = selected.plans[i];
    rows.push_back({plan.pipeline, std::to_string(selected.names(i, "source").size()),
                    std::to_string(selected.names(i, "model").size()),
                    std::to_string(selected.names(i, "sink").size()), joined(plan.tags), plan.owner,
                    plan.description});
  }
  return rows;
}

}  // namespace

int ls_command(const Arguments& arguments) {
  const auto selected = app::select_graph(places(arguments), arguments.load, arguments.selectors);
  if (!selected.ok()) return report_error(selected.error(), arguments.output, "ls");
  if (arguments.output.json) {
    const json object{{"schema", "leat.ls/1"},
                      {"ok", true},
                      {"pipelines", pipelines_json(*selected)},
                      {"nodes", nodes_json(*selected)}};
    print(json_text(object));
    return 0;
  }
  const auto rows = arguments.all ? pipeline_rows(*selected) : node_rows(*selected);
  if (rows.size() > 1) {
    print(table(rows, arguments.output));
  } else {
    say("nothing is left of the selection");
  }
  return 0;
}

int graph_command(const Arguments& arguments) {
  const auto selected = app::select_graph(places(arguments), arguments.load, arguments.selectors);
  if (!selected.ok()) return report_error(selected.error(), arguments.output, "graph");
  if (arguments.output.json) {
    const json object{{"schema", "leat.graph/1"}, {"ok", true}, {"nodes", nodes_json(*selected)}};
    print(json_text(object));
  } else if (arguments.format == "mermaid") {
    print(graph_mermaid(*selected));
  } else if (arguments.format == "dot") {
    print(graph_dot(*selected));
  } else {
    print(graph_text(*selected, arguments.output));
  }
  return 0;
}

}  // namespace leat::cli
