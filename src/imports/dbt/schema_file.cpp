#include "imports/dbt/schema_file.hpp"

#include "config/yaml.hpp"

namespace leat::imports::dbt {
namespace {

using config::Node;

std::string text_at(const Node& node, std::string_view key) {
  const auto* found = node.find(key);
  return found != nullptr ? found->text : std::string();
}

/// `tests` of old, `data_tests` of new files.
void add_uses(const Node& holder, const std::string& model, const std::string& column,
              Project& project) {
  for (const auto* key : {"tests", "data_tests"}) {
    const auto* list = holder.find(key);
    if (list == nullptr) continue;
    for (const auto& item : list->items) {
      TestUse use{item.text, model, column, {}, item.place};
      if (item.is_map() && !item.entries.empty()) {
        use.name = item.entries.front().key.text;
        use.arguments = item.entries.front().value;
        // dbt 1.10 puts them one level deeper.
        if (const auto* inner = use.arguments.find("arguments")) use.arguments = Node(*inner);
      }
      project.uses.push_back(std::move(use));
    }
  }
}

void add_columns(const Node& node, const std::string& name, Project& project) {
  add_uses(node, name, "", project);
  const auto* columns = node.find("columns");
  if (columns == nullptr) return;
  for (const auto& column : columns->items) {
    add_uses(column, name, text_at(column, "name"), project);
  }
}

std::string location_of(const Node& source, const Node& table) {
  for (const auto* holder : {&table, &source}) {
    for (const auto* key : {"meta", "config"}) {
      const auto* node = holder->find(key);
      if (node == nullptr) continue;
      if (const auto* inner = node->find("meta")) node = inner;
      auto text = text_at(*node, "external_location");
      const auto at = text.find("{name}");
      if (at != text.npos) text.replace(at, 6, text_at(table, "name"));
      if (!text.empty()) return text;
    }
  }
  return "";
}

void add_source(const Node& source, Project& project) {
  const auto name = text_at(source, "name");
  const auto* tables = source.find("tables");
  if (tables == nullptr) return;
  for (const auto& table : tables->items) {
    project.sources.push_back(
        {name, text_at(table, "name"), location_of(source, table), table.place});
    for (const auto* key : {"freshness", "loaded_at_field"}) {
      if (const auto* found = table.find(key)) {
        project.left.push_back(
            {found->place.file, found->place.line, "`" + std::string(key) + "` of source " + name});
      }
    }
    add_columns(table, name + "." + text_at(table, "name"), project);
  }
}

void leave_section(const Node& root, const char* key, const char* what, Project& project) {
  const auto* section = root.find(key);
  if (section == nullptr) return;
  for (const auto& item : section->items) {
    project.left.push_back(
        {item.place.file, item.place.line, std::string(what) + " `" + text_at(item, "name") + "`"});
  }
}

}  // namespace

void read_schema_file(const std::string& text, const std::string& file, Project& project) {
  config::Findings findings;
  const auto root = config::parse_yaml(text, file, findings);
  if (!root) {
    for (const auto& one : findings.take()) {
      project.left.push_back({file, one.place.line, one.message});
    }
    return;
  }
  for (const auto* key : {"models", "seeds"}) {
    const auto* list = root->find(key);
    if (list == nullptr) continue;
    auto& settings = key == std::string_view("models") ? project.of_models : project.of_seeds;
    for (const auto& model : list->items) {
      const auto name = text_at(model, "name");
      add_columns(model, name, project);
      if (const auto* config = model.find("config"))
        settings.read_config(*config, name, project.left);
    }
  }
  if (const auto* sources = root->find("sources")) {
    for (const auto& source : sources->items) add_source(source, project);
  }
  leave_section(*root, "unit_tests", "the unit test", project);
  leave_section(*root, "semantic_models", "the semantic model", project);
  leave_section(*root, "metrics", "the metric", project);
  leave_section(*root, "saved_queries", "the saved query", project);
  leave_section(*root, "exposures", "the exposure", project);
  leave_section(*root, "snapshots", "the snapshot", project);
}

Value value_of(const Node& node) {
  if (node.is_null()) return nullptr;
  if (node.is_sequence()) {
    Value out = Value::array();
    for (const auto& item : node.items) out.push_back(value_of(item));
    return out;
  }
  if (node.is_map()) {
    Value out = Value::object();
    for (const auto& entry : node.entries) out[entry.key.text] = value_of(entry.value);
    return out;
  }
  if (node.quoted) return node.text;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  const auto number = Value::parse(node.text, nullptr, false);
  return number.is_number() ? number : Value(node.text);
}

}  // namespace leat::imports::dbt
