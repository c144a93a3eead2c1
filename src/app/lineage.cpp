#include "app/lineage.hpp"

#include "app/selection.hpp"
#include "base/names.hpp"

namespace leat::app {
namespace {

/// A way to read `a.b.c`; empty parts were not said.
struct Reading {
  std::string pipeline;
  std::string node;
  std::string column;
};

std::vector<Reading> readings_of(const std::string& target) {
  std::vector<Reading> out{{"", target, ""}};
  const auto first = target.find('.');
  if (first == std::string::npos) return out;
  const auto head = target.substr(0, first);
  const auto rest = target.substr(first + 1);
  out.push_back({"", head, rest});
  out.push_back({head, rest, ""});
  if (const auto second = rest.find('.'); second != std::string::npos) {
    out.push_back({head, rest.substr(0, second), rest.substr(second + 1)});
  }
  return out;
}

const data::Schema* schema_of(const plan::Plan& plan, const std::string& node) {
  if (const auto* source = plan.source(node)) return &source->schema;
  if (const auto* model = plan.model(node)) return &model->schema;
  const auto* sink = plan.sink(node);
  return sink ? schema_of(plan, sink->from) : nullptr;
}

/// The plan that has what one reading means, with the names as they were declared.
const plan::Plan* find(const SelectedGraph& graph, Reading& reading) {
  for (std::size_t i = 0; i < graph.graph.nodes.size(); ++i) {
    const auto& node = graph.graph.nodes[i];
    const auto& plan = graph.plans[graph.plan_of[i]];
    if (!is_same_name(node.name, reading.node)) continue;
    if (!reading.pipeline.empty() && !is_same_name(node.pipeline, reading.pipeline)) {
      continue;
    }
    reading.node = node.name;
    if (reading.column.empty()) return &plan;
    const auto* schema = schema_of(plan, node.name);
    const auto column = schema->find(reading.column);
    if (!column) continue;
    reading.column = schema->columns[*column].name;
    return &plan;
  }
  return nullptr;
}

Error not_found(const SelectedGraph& graph, const std::string& target) {
  const auto head = target.substr(0, target.find('.'));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < graph.graph.nodes.size(); ++i) {
    const auto& node = graph.graph.nodes[i];
    names.push_back(node.name);
    if (!is_same_name(node.name, head) || head == target) continue;
    const auto columns = schema_of(graph.plans[graph.plan_of[i]], node.name)->names();
    const auto column = target.substr(head.size() + 1);
    return Error(Fault::config, "`" + node.name + "` has no column `" + column + "`")
        .hint(name_hint(column, columns));
  }
  return Error(Fault::config, "there is no node `" + target + "`").hint(name_hint(head, names));
}

}  // namespace

Result<LineageAnswer> lineage(const std::filesystem::path& where, const LoadOptions& options,
                              const std::string& target) {
  TRY(const auto graph, select_graph({where}, options, {}));
  for (auto& reading : readings_of(target)) {
    const auto* plan = find(graph, reading);
    if (plan == nullptr) continue;
    TRY(auto session, engine::Session::open({}));
    TRY(auto lineage, plan::lineage_of(*plan, *session));
    return LineageAnswer{plan->pipeline, std::move(lineage), reading.node, reading.column};
  }
  return not_found(graph, target);
}

}  // namespace leat::app
