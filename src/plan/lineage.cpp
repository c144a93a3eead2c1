#include "plan/lineage.hpp"

#include <algorithm>
#include <set>

#include "base/names.hpp"

namespace leat::plan {
namespace {

LineageNode source_node(const SourceNode& source) {
  LineageNode node{source.name, "source", source.connector, {}, {}, {}};
  for (const auto& column : source.schema.columns) node.columns.push_back({column.name, {}});
  if (!source.items) return node;
  node.inputs.push_back(source.items->node);
  for (const auto& name : source.items->used) {
    node.deciding.push_back({source.items->node, name, engine::Feed::computed});
  }
  return node;
}

LineageNode sink_node(const SinkNode& sink, const data::Schema& schema) {
  LineageNode node{sink.name, "sink", sink.connector, {sink.from}, {}, {}};
  for (const auto& column : schema.columns) {
    node.columns.push_back({column.name, {{sink.from, column.name, engine::Feed::copied}}});
  }
  return node;
}

std::vector<std::string> once_each(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const auto& name : names) {
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  }
  return out;
}

Result<LineageNode> model_node(const ModelNode& model, const Plan& plan, engine::Session& session) {
  LineageNode node{model.name, "model", model.origin, once_each(model.inputs), {}, {}};
  std::vector<engine::NamedSchema> tables;
  for (const auto& input : node.inputs) tables.push_back({input, plan.schema(input)});
  auto traced = engine::trace_columns(session, model.sql, tables);
  if (!traced.complaints.empty()) {
    return Error(Fault::internal, traced.complaints.front().message)
        .during("while following the columns of model " + model.name);
  }
  traced.value.columns.resize(model.schema.size());
  for (std::size_t i = 0; i < model.schema.size(); ++i) {
    node.columns.push_back({model.schema.columns[i].name, std::move(traced.value.columns[i])});
  }
  node.deciding = std::move(traced.value.deciding);
  return node;
}

/// What a program does is not known: every column it yields may rest on every column it gets.
LineageNode step_node(const ModelNode& step, const Plan& plan) {
  LineageNode node{step.name, "step", step.step->program.command.front(), step.inputs, {}, {}};
  std::vector<engine::ColumnUse> all;
  for (const auto& input : step.inputs) {
    for (const auto& column : plan.schema(input).columns) {
      all.push_back({input, column.name, engine::Feed::aggregated, false});
    }
  }
  for (const auto& column : step.schema.columns) node.columns.push_back({column.name, all});
  node.deciding = std::move(all);
  return node;
}

void add_roots(const Lineage& lineage, const std::string& node, const std::string& column,
               engine::Feed feed, std::vector<engine::ColumnUse>& roots) {
  const auto* at = lineage.node(node);
  if (at == nullptr) return;
  if (at->kind == "source") {
    for (auto& root : roots) {
      if (root.table != node || root.column != column) continue;
      root.feed = std::max(root.feed, feed);
      return;
    }
    roots.push_back({node, column, feed});
    return;
  }
  for (const auto& candidate : at->columns) {
    if (candidate.name != column) continue;
    for (const auto& use : candidate.from) {
      add_roots(lineage, use.table, use.column, std::max(feed, use.feed), roots);
    }
  }
}

std::vector<std::string> among(const Lineage& lineage, const std::set<std::string>& wanted,
                               const std::string& without) {
  std::vector<std::string> out;
  for (const auto& node : lineage.nodes) {
    if (node.name != without && wanted.contains(node.name)) out.push_back(node.name);
  }
  return out;
}

}  // namespace

const LineageNode* Lineage::node(const std::string& name) const {
  const auto wanted = to_lower(name);
  const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const LineageNode& node) {
    return to_lower(node.name) == wanted;
  });
  return found == nodes.end() ? nullptr : &*found;
}

Result<Lineage> lineage_of(const Plan& plan, engine::Session& session) {
  Lineage lineage;
  for (const auto& source : plan.sources) lineage.nodes.push_back(source_node(source));
  for (const auto& model : plan.models) {
    if (model.step) {
      lineage.nodes.push_back(step_node(model, plan));
      continue;
    }
    TRY(auto node, model_node(model, plan, session));
    lineage.nodes.push_back(std::move(node));
  }
  for (const auto& sink : plan.sinks) {
    lineage.nodes.push_back(sink_node(sink, plan.schema(sink.from)));
  }
  return lineage;
}

std::vector<engine::ColumnUse> roots_of(const Lineage& lineage, const std::string& node,
                                        const std::string& column) {
  std::vector<engine::ColumnUse> roots;
  add_roots(lineage, node, column, engine::Feed::copied, roots);
  return roots;
}

std::vector<engine::ColumnUse> made_of(const Lineage& lineage, const std::string& node,
                                       const std::string& column) {
  std::vector<engine::ColumnUse> out;
  for (const auto& other : lineage.nodes) {
    for (const auto& candidate : other.columns) {
      for (const auto& use : candidate.from) {
        if (use.table != node || use.column != column) continue;
        out.push_back({other.name, candidate.name, use.feed});
      }
    }
  }
  return out;
}

std::vector<std::string> nodes_before(const Lineage& lineage, const std::string& node) {
  std::set<std::string> wanted{node};
  for (auto it = lineage.nodes.rbegin(); it != lineage.nodes.rend(); ++it) {
    if (wanted.contains(it->name)) wanted.insert(it->inputs.begin(), it->inputs.end());
  }
  return among(lineage, wanted, node);
}

std::vector<std::string> nodes_after(const Lineage& lineage, const std::string& node) {
  std::set<std::string> wanted{node};
  for (const auto& other : lineage.nodes) {
    for (const auto& input : other.inputs) {
      if (wanted.contains(input)) wanted.insert(other.name);
    }
  }
  return among(lineage, wanted, node);
}

}  // namespace leat::plan
