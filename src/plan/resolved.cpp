#include "plan/resolved.hpp"

#include "config/read_value.hpp"

namespace leat::plan {
namespace {

using config::Node;

std::string resolved_text(const Node& node);

/// A password that stands in a file where a reference should is not shown.
std::string resolved_text(std::string_view key, const Node& node) {
  const bool is_plain = !node.origin || node.origin->secret.empty();
  return is_plain && config::names_a_secret(key) ? "…" : resolved_text(node);
}

std::string resolved_text(const Node& node) {
  if (node.is_null()) return "null";
  if (node.is_sequence()) {
    std::string out;
    for (const auto& item : node.items) out += (out.empty() ? "" : ", ") + resolved_text(item);
    return "[" + out + "]";
  }
  if (node.is_map()) {
    std::string out;
    for (const auto& entry : node.entries) {
      out += (out.empty() ? "" : ", ") + entry.key.text + ": " +
             resolved_text(entry.key.text, entry.value);
    }
    return "{" + out + "}";
  }
  if (node.origin && !node.origin->secret.empty()) return node.origin->written;
  return config::yaml_text_of(node.text);
}

class Collector {
 public:
  Collector(const LoadedPipeline& pipeline, const Catalog& catalog)
      : x_pipeline(pipeline), x_catalog(catalog) {}

  std::vector<ResolvedValue> collect() {
    table("", *x_pipeline.tree, pipeline_options());
    for (const auto& param : x_pipeline.params) {
      const bool is_hidden = config::names_a_secret(param.name);
      x_out.push_back({"params." + param.name,
                       is_hidden ? kHiddenValue : shown(config::yaml_text_of(param.value.text)),
                       param.from});
    }
    x_out.push_back({"environment", x_pipeline.project->environment, "-e, LEAT_ENV or dev"});
    if (const auto& tree = *x_pipeline.project->tree; tree.is_map()) {
      table("project.", tree, project_options());
    }
    if (x_pipeline.project->connection_tree) {
      values("project.connections", *x_pipeline.project->connection_tree);
    }
    return std::move(x_out);
  }

 private:
  /// The values of a map in the order of the file, then the defaults of what it leaves out.
  void table(const std::string& prefix, const Node& map, const config::OptionSet& options) {
    for (const auto& entry : map.entries) {
      const auto path = prefix + entry.key.text;
      if (path == "params" || path == "project.connections") continue;
      if (path == "sources" || path == "models" || path == "sinks") {
        for (const auto& node : entry.value.entries) this->node(path, node);
        continue;
      }
      const auto index = options.find(entry.key.text);
      const auto* nested = index ? options.entries()[*index].shape.table : nullptr;
      const bool is_table =
          index && options.entries()[*index].shape.kind == config::ValueKind::table;
      if (is_table) {
        table(path + ".", entry.value, *nested);
      } else {
        values(path, entry.value);
      }
    }
    defaults(prefix, map, options);
  }

  void defaults(const std::string& prefix, const Node& map, const config::OptionSet& options) {
    for (const auto& entry : options.entries()) {
      if (entry.later || map.find(entry.key)) continue;
      if (entry.shape.kind == config::ValueKind::table) {
        defaults(prefix + entry.key + ".", Node{}, *entry.shape.table);
      } else if (!entry.default_text.empty()) {
        x_out.push_back({prefix + entry.key, entry.default_text, "default"});
      }
    }
  }

  void node(const std::string& section, const Node::Entry& node) {
    const auto prefix = section + "." + node.key.text + ".";
    const auto& reserved = section == "sources"  ? source_options()
                           : section == "models" ? model_options()
                                                 : sink_options();
    for (const auto& entry : node.value.entries) {
      const auto* options =
          reserved.find(entry.key.text) ? nullptr : connector_options(section, entry.key.text);
      if (options && (entry.value.is_map() || entry.value.is_null())) {
        table(prefix + entry.key.text + ".", entry.value, *options);
      } else {
        values(prefix + entry.key.text, entry.value);
      }
    }
    defaults(prefix, node.value, reserved);
  }

  const config::OptionSet* connector_options(const std::string& section,
                                             const std::string& name) const {
    if (section == "sources") {
      const auto* source = x_catalog.source(name);
      return source ? source->options : nullptr;
    }
    const auto* sink = x_catalog.sink(name);
    return sink ? sink->options : nullptr;
  }

  /// One line a scalar, or a list of scalars.
  void values(const std::string& path, const Node& node) {
    if (!node.is_map() || node.entries.empty()) {
      const auto key = std::string_view(path).substr(path.rfind('.') + 1);
      x_out.push_back({path, shown(resolved_text(key, node)), text_of(node.place)});
      return;
    }
    for (const auto& entry : node.entries) values(path + "." + entry.key.text, entry.value);
  }

  std::string shown(std::string text) const { return x_pipeline.hidden.out_of(std::move(text)); }

  const LoadedPipeline& x_pipeline;
  const Catalog& x_catalog;
  std::vector<ResolvedValue> x_out;
};

}  // namespace

std::vector<ResolvedValue> resolved_values(const LoadedPipeline& pipeline, const Catalog& catalog) {
  return Collector(pipeline, catalog).collect();
}

}  // namespace leat::plan
