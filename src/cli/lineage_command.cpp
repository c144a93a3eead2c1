#include <nlohmann/json.hpp>

#include "app/lineage.hpp"
#include "base/text.hpp"
#include "cli/arguments.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;
using Uses = std::vector<engine::ColumnUse>;

std::string or_nothing(const std::vector<std::string>& names) {
  return names.empty() ? "nothing" : joined(names);
}

std::string shown(const Uses& uses) {
  std::vector<std::string> words;
  for (const auto& use : uses) {
    const auto how =
        use.feed == engine::Feed::copied ? "" : " (" + std::string(name_of(use.feed)) + ")";
    words.push_back(use.table + "." + use.column + how);
  }
  return words.empty() ? "no column" : joined(words);
}

/// A tree of columns, up or down.
template <typename Next>
void add_tree(const plan::Lineage& lineage, const Uses& uses, const std::string& indent,
              const Output& output, const Next& next, std::string& out) {
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const bool last = i + 1 == uses.size();
    const auto& use = uses[i];
    const auto* node = lineage.node(use.table);
    out += indent + (last ? "└─ " : "├─ ") + output.bold(use.table + "." + use.column) + "  " +
           std::string(name_of(use.feed)) +
           output.dim("  " + node->kind + (node->kind == "model" ? "" : " " + node->detail)) + "\n";
    add_tree(lineage, next(use), indent + (last ? "   " : "│  "), output, next, out);
  }
}

Uses feeds_of(const plan::Lineage& lineage, const engine::ColumnUse& use) {
  for (const auto& column : lineage.node(use.table)->columns) {
    if (column.name == use.column) return column.from;
  }
  return {};
}

std::string column_text(const app::LineageAnswer& answer, const Output& output) {
  const auto& lineage = answer.lineage;
  const engine::ColumnUse self{answer.node, answer.column, engine::Feed::copied};
  std::string out = output.bold(answer.node + "." + answer.column) + "\ncomes from\n";
  const auto before = feeds_of(lineage, self);
  if (before.empty()) {
    out += lineage.node(answer.node)->kind == "source" ? "  its source\n" : "  no column\n";
  }
  add_tree(
      lineage, before, "", output, [&](const auto& use) { return feeds_of(lineage, use); }, out);
  const auto& deciding = lineage.node(answer.node)->deciding;
  if (!deciding.empty()) out += "its rows are decided by\n   " + shown(deciding) + "\n";
  out += "goes to\n";
  const auto after = plan::made_of(lineage, answer.node, answer.column);
  if (after.empty()) out += "  nothing\n";
  add_tree(
      lineage, after, "", output,
      [&](const auto& use) { return plan::made_of(lineage, use.table, use.column); }, out);
  out.pop_back();
  return out;
}

std::string node_text(const app::LineageAnswer& answer, const Output& output) {
  const auto& node = *answer.lineage.node(answer.node);
  std::string out = output.bold(node.name) + "  " + node.kind + " " + node.detail + "\nrests on  " +
                    or_nothing(plan::nodes_before(answer.lineage, node.name)) + "\nleads to  " +
                    or_nothing(plan::nodes_after(answer.lineage, node.name)) + "\n";
  if (!node.deciding.empty()) out += "rows decided by  " + shown(node.deciding) + "\n";
  std::vector<std::vector<std::string>> rows{{"column", "comes from"}};
  for (const auto& column : node.columns) {
    const auto roots = node.kind == "source"
                           ? std::string("its source")
                           : shown(plan::roots_of(answer.lineage, node.name, column.name));
    rows.push_back({column.name, roots});
  }
  return out + "\n" + table(rows, output, "  ");
}

json uses_json(const Uses& uses) {
  json list = json::array();
  for (const auto& use : uses) {
    list.push_back({{"node", use.table}, {"column", use.column}, {"how", name_of(use.feed)}});
  }
  return list;
}

json answer_json(const app::LineageAnswer& answer) {
  json object{{"schema", "leat.lineage/1"},
              {"ok", true},
              {"pipeline", answer.pipeline},
              {"node", answer.node},
              {"column", answer.column.empty() ? json(nullptr) : json(answer.column)},
              {"before", plan::nodes_before(answer.lineage, answer.node)},
              {"after", plan::nodes_after(answer.lineage, answer.node)},
              {"nodes", json::array()}};
  for (const auto& node : answer.lineage.nodes) {
    json columns = json::array();
    for (const auto& column : node.columns) {
      columns.push_back(
          {{"name", column.name},
           {"from", uses_json(column.from)},
           {"roots", uses_json(plan::roots_of(answer.lineage, node.name, column.name))}});
    }
    object["nodes"].push_back({{"name", node.name},
                               {"kind", node.kind},
                               {"inputs", node.inputs},
                               {"columns", std::move(columns)},
                               {"deciding", uses_json(node.deciding)}});
  }
  return object;
}

}  // namespace

int lineage_command(const Arguments& arguments) {
  const auto answer = app::lineage(arguments.project, arguments.load, arguments.targets.front());
  if (!answer.ok()) return report_error(answer.error(), arguments.output, "lineage");
  if (arguments.output.json) {
    print(json_text(answer_json(*answer)));
  } else {
    print(answer->column.empty() ? node_text(*answer, arguments.output)
                                 : column_text(*answer, arguments.output));
  }
  return 0;
}

}  // namespace leat::cli
