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
          use.text == "value" ? "an item is a row: " + column_hint(*schema)
                              : name_hint(use.text, schema->names()));
    }
  }

 private:
  void add(const config::Located<std::string>& at, std::string message, std::string hint = "") {
    x_findings.add(at.place, std::move(message), std::move(hint), at.length);
  }

  static std::string column_hint(const data::Schema& schema) {
    return "`{{ item." + schema.columns.front().name + " }}` is its column `" +
           schema.columns.front().name + "`";
  }

  /// "list.name" is a column of a node.
  std::string node_hint(const std::vector<std::string>& names) const {
    const auto& typed = x_written.from.text;
    const auto dot = typed.find('.');
    const auto node = typed.substr(0, dot);
    const bool is_known = std::any_of(names.begin(), names.end(),
                                      [&](const auto& name) { return is_same_name(name, node); });
    if (dot == typed.npos || !is_known) return name_hint(typed, names);
    return "the node alone, and the column that names its items: `from: " + node +
           ", key: " + typed.substr(dot + 1) + "`";
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
          node_hint(names));
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
