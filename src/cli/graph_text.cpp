#include "cli/graph_text.hpp"

namespace leat::cli {
namespace {

std::string what(const plan::GraphNode& node) {
  return node.kind + (node.connector.empty() ? "" : " " + node.connector);
}

std::string id(std::size_t node) { return "n" + std::to_string(node); }

/// Draws one tree after the other, from what is published down to the sources.
class Trees {
 public:
  Trees(const app::SelectedGraph& selected, const Output& output)
      : x_selected(selected), x_output(output), x_drawn(selected.graph.nodes.size(), false) {}

  std::string draw() {
    const auto readers = plan::readers_of(x_selected.graph);
    std::string pipeline;
    for (std::size_t i = 0; i < readers.size(); ++i) {
      if (!x_selected.chosen[i] || is_read(readers[i])) continue;
      const auto& node = x_selected.graph.nodes[i];
      if (x_selected.plans.size() > 1 && node.pipeline != pipeline) {
        x_out += (x_out.empty() ? "" : "\n") + x_output.bold(node.pipeline) + "\n";
        pipeline = node.pipeline;
      }
      x_out += line(i) + "\n";
      below(i, "");
    }
    if (!x_out.empty()) x_out.pop_back();
    return std::move(x_out);
  }

 private:
  bool is_read(const std::vector<std::size_t>& readers) const {
    for (const auto reader : readers) {
      if (x_selected.chosen[reader]) return true;
    }
    return false;
  }

  std::string line(std::size_t i) const {
    const auto& node = x_selected.graph.nodes[i];
    return x_output.bold(node.name) + "  " + x_output.dim(what(node));
  }

  void below(std::size_t i, const std::string& indent) {
    std::vector<std::size_t> inputs;
    for (const auto input : x_selected.graph.nodes[i].inputs) {
      if (x_selected.chosen[input]) inputs.push_back(input);
    }
    const bool again = x_drawn[i] && !inputs.empty();
    x_drawn[i] = true;
    if (again) {
      x_out += indent + "└─ …  " + x_output.dim("as above") + "\n";
      return;
    }
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const bool last = k + 1 == inputs.size();
      x_out += indent + (last ? "└─ " : "├─ ") + line(inputs[k]) + "\n";
      below(inputs[k], indent + (last ? "   " : "│  "));
    }
  }

  const app::SelectedGraph& x_selected;
  const Output& x_output;
  std::vector<bool> x_drawn;
  std::string x_out;
};

/// Calls `node` for each chosen node, then `edge` for each edge between two of them.
template <typename OnNode, typename OnEdge>
void walk(const app::SelectedGraph& selected, std::size_t plan, OnNode node, OnEdge edge) {
  const auto& nodes = selected.graph.nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (selected.chosen[i] && selected.plan_of[i] == plan) node(i, nodes[i]);
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!selected.chosen[i] || selected.plan_of[i] != plan) continue;
    for (const auto input : nodes[i].inputs) {
      if (selected.chosen[input]) edge(input, i);
    }
  }
}

std::string mermaid_node(std::size_t i, const plan::GraphNode& node) {
  const auto text = "\"" + node.name + "<br>" + what(node) + "\"";
  if (node.kind == "source") return id(i) + "[(" + text + ")]";
  if (node.kind == "sink") return id(i) + "[/" + text + "/]";
  return id(i) + "[" + text + "]";
}

std::string dot_node(std::size_t i, const plan::GraphNode& node) {
  const std::string shape = node.kind == "source" ? "cylinder"
                            : node.kind == "sink" ? "folder"
                                                  : "box";
  return id(i) + " [label=\"" + node.name + "\\n" + what(node) + "\", shape=" + shape + "];";
}

}  // namespace

std::string graph_text(const app::SelectedGraph& selected, const Output& output) {
  return Trees(selected, output).draw();
}

std::string graph_mermaid(const app::SelectedGraph& selected) {
  std::string out = "flowchart LR\n";
  for (std::size_t plan = 0; plan < selected.plans.size(); ++plan) {
    if (selected.names(plan).empty()) continue;
    out += "  subgraph p" + std::to_string(plan) + "[\"" + selected.plans[plan].pipeline + "\"]\n";
    walk(
        selected, plan,
        [&](std::size_t i, const auto& node) { out += "    " + mermaid_node(i, node) + "\n"; },
        [&](std::size_t from, std::size_t to) {
          out += "    " + id(from) + " --> " + id(to) + "\n";
        });
    out += "  end\n";
  }
  out.pop_back();
  return out;
}

std::string graph_dot(const app::SelectedGraph& selected) {
  std::string out = "digraph leat {\n  rankdir=LR;\n";
  for (std::size_t plan = 0; plan < selected.plans.size(); ++plan) {
    if (selected.names(plan).empty()) continue;
    out += "  subgraph cluster_" + std::to_string(plan) + " {\n    label=\"" +
           selected.plans[plan].pipeline + "\";\n";
    walk(
        selected, plan,
        [&](std::size_t i, const auto& node) { out += "    " + dot_node(i, node) + "\n"; },
        [&](std::size_t from, std::size_t to) {
          out += "    " + id(from) + " -> " + id(to) + ";\n";
        });
    out += "  }\n";
  }
  return out + "}";
}

}  // namespace leat::cli
