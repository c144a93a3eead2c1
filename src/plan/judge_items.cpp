#include "plan/judge_items.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "plan/passes.hpp"

namespace leat::plan {
namespace {

/// Judges one source.
class ItemsJudge {
 public:
  ItemsJudge(const Plan& plan, const WrittenItems& written, const std::string& source,
             config::Findings& findings)
      : x_plan(plan), x_written(written), x_source(source), x_findings(findings) {}

  void judge(LateItems& items) {
    const auto* schema = find_node(items);
    if (schema == nullptr) return;
    if (!schema->find(x_written.key)) {
      add(x_written.from,
          "`" + items.node + "` has no column `" + x_written.key + "`, which is to name its items",
          "say which column does: `key: " + schema->columns.front().name + "`");
    }
    for (const auto& use : x_written.used) {
      if (schema->find(use.text)) continue;
      add(use, "there is no `item." + use.text + "` here: `" + items.node + "` has no such column",
          name_hint(use.text, schema->names()));
    }
  }

 private:
  void add(const config::Located<std::string>& at, std::string message, std::string hint = "") {
    x_findings.add(at.place, std::move(message), std::move(hint), at.length);
  }

  const data::Schema* find_node(LateItems& items) {
    std::vector<std::string> names;
    const data::Schema* schema = nullptr;
    const Condition* when = nullptr;
    const auto look = [&](const auto& node) {
      names.push_back(node.name);
      if (!is_same_name(node.name, x_written.from.text)) return;
      items.node = node.name;
      schema = &node.schema;
      when = &node.when;
    };
    for (const auto& source : x_plan.sources) look(source);
    for (const auto& model : x_plan.models) look(model);
    if (schema == nullptr) {
      add(x_written.from, "`" + x_written.from.text + "` is no source, model or step",
          name_hint(x_written.from.text, names));
      return nullptr;
    }
    if (!when->sql.empty()) {
      add(x_written.from,
          "`" + items.node + "` has a `when`, so nobody knows whether there are items",
          "take the items from a node that is always read");
    }
    for (const auto& name : upstream_of(items.node, x_plan.sources, x_plan.models)) {
      const auto* source = x_plan.source(name);
      if (source == nullptr || !source->items) continue;
      add(x_written.from,
          "the items of `" + x_source + "` rest on `" + name + "`, which waits for items itself",
          "take them from what is read without items");
    }
    return schema;
  }

  const Plan& x_plan;
  const WrittenItems& x_written;
  const std::string& x_source;
  config::Findings& x_findings;
};

}  // namespace

void judge_items(const LoadedPipeline& loaded, Plan& plan, config::Findings& findings) {
  for (const auto& file : loaded.file.sources) {
    if (!file.late_items) continue;
    const auto node = std::find_if(plan.sources.begin(), plan.sources.end(),
                                   [&](const auto& one) { return one.name == file.node.name; });
    if (node == plan.sources.end() || !node->items) continue;
    ItemsJudge(plan, *file.late_items, file.node.name, findings).judge(*node->items);
  }
}

bool feeds_items(const Plan& plan, const std::string& dataset) {
  return std::any_of(plan.sources.begin(), plan.sources.end(), [&](const SourceNode& source) {
    if (!source.items) return false;
    const auto below = upstream_of(source.items->node, plan.sources, plan.models);
    return std::find(below.begin(), below.end(), dataset) != below.end();
  });
}

}  // namespace leat::plan
