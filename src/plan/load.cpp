#include "plan/load.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "config/canonical.hpp"
#include "config/variables.hpp"
#include "config/yaml.hpp"
#include "plan/fan_out_items.hpp"
#include "plan/load_contracts.hpp"
#include "plan/overrides.hpp"
#include "plan/pipeline_keys.hpp"
#include "plan/secrets.hpp"
#include "plan/shown_path.hpp"

namespace leat::plan {
namespace {

namespace fs = std::filesystem;
using config::Node;

constexpr std::uint64_t kSqlBytesMax = 1u << 20;

std::string chosen_environment(const LoadOptions& options) {
  if (!options.environment.empty()) return options.environment;
  return options.variables->find("LEAT_ENV").value_or("");
}

/// Variables of ours that no file has a key for are mistakes too.
void refuse_unknown_overrides(const config::Environment& variables, config::Findings& findings) {
  std::vector<std::string> known = pipeline_options().keys();
  const auto& project = project_options().keys();
  known.insert(known.end(), project.begin(), project.end());
  for (const auto& [variable, value] : variables.starting_with("LEAT__")) {
    const auto rest = to_lower(std::string_view(variable).substr(6));
    const auto first = rest.substr(0, rest.find("__"));
    if (std::find(known.begin(), known.end(), first) != known.end()) continue;
    findings.add(Place{variable, 0, 0}, "no file has a key `" + first + "`",
                 name_hint(first, known));
  }
}

/// Carries one file through its stations.
class PipelineLoader {
 public:
  PipelineLoader(const LoadOptions& options, fs::path path,
                 std::shared_ptr<const ProjectFile> project)
      : x_options(options) {
    x_out.path = std::move(path);
    x_out.shown_as = shown_path(x_out.path, options.working_folder);
    x_out.project = std::move(project);
  }

  Result<LoadedPipeline> begin(const std::vector<Diagnostic>& found_in_project) {
    for (const auto& diagnostic : found_in_project) x_findings.add(diagnostic);
    refuse_unknown_overrides(*x_options.variables, x_findings);
    if (auto tree = parse()) {
      apply_overrides(*tree, pipeline_options().keys(), *x_options.variables, x_findings);
      resolve(*tree);
      auto kept = std::make_shared<const Node>(std::move(*tree));
      x_out.tree = kept;
      x_out.file = read_pipeline(*kept, x_out.path.stem().string(), x_findings);
      for (auto& model : x_out.file.models) read_sql(model);
      for (auto& source : x_out.file.sources) take_items(source);
      load_contracts(x_out, x_options, x_findings);
      x_out.canonical = canonical();
    }
    if (!x_out.tree) return Error::of(x_findings.take());
    x_out.findings = std::move(x_findings);
    return std::move(x_out);
  }

 private:
  std::optional<Node> parse() {
    auto text = x_options.files->read(x_out.path, config::YamlLimits{}.bytes_max);
    if (text.ok()) return parse_yaml(*text, x_out.shown_as, x_findings);
    x_findings.add(Place{x_out.shown_as, 0, 0}, text.error().text(), text.error().hint_text());
    return std::nullopt;
  }

  /// Params first: the templates of everything else may name them.
  void resolve(Node& tree) {
    static const auto kNone = std::make_shared<const config::Values>();
    for (auto& entry : tree.entries) {
      if (entry.key.text != "params") continue;
      resolve_scalars(entry.value, *x_options.variables, kNone, x_findings);
    }
    x_out.params = resolve_params(read_params(tree, x_findings), x_options.vars,
                                  x_options.stand_ins, x_findings);
    hide_secrets(tree);
    auto values = std::make_shared<config::Values>();
    for (const auto& param : x_out.params) values->set("params." + param.name, param.value);
    values->set("env", {config::ValueType::text, x_out.project->environment});
    values->set("run.id", {config::ValueType::text, x_options.run_id});
    add_node_values(dataset_names(tree), *values);
    for (auto& entry : tree.entries) {
      if (entry.key.text != "interval") continue;
      resolve_scalars(entry.value, *x_options.variables, values, x_findings);
      resolve_interval(tree, entry.key, *values);
    }
    x_out.values = values;
    x_items = expand_items(tree, *x_options.variables, *values, x_findings);
    const auto secrets = resolve_scalars(tree, *x_options.variables, x_out.values, x_findings);
    check_secrets(secrets, *x_out.project->secrets, x_findings);
  }

  void hide_secrets(const Node& tree) {
    const auto* params = tree.find("params");
    for (const auto& param : x_out.params) {
      if (param.value.type != config::ValueType::text) continue;  // Numbers are everywhere.
      const auto* keys = params == nullptr ? nullptr : params->find(param.name);
      const auto* value = keys == nullptr ? nullptr : keys->find("default");
      const bool is_variable = value != nullptr && value->origin && value->origin->from_environment;
      if (config::names_a_secret(param.name) ||
          (is_variable && names_secret_variable(value->origin->written))) {
        x_out.hidden.add(param.value.text);
      }
    }
  }

  /// "${DB_PASSWORD:-none}"
  static bool names_secret_variable(std::string_view written) {
    for (auto at = written.find("${"); at != written.npos; at = written.find("${", at + 2)) {
      const auto end = std::min(written.find_first_of(":}", at), written.size());
      if (config::names_a_secret(written.substr(at + 2, end - at - 2))) return true;
    }
    return false;
  }

  /// Each of the others is planned as the first one is.
  void resolve_interval(const Node& tree, const Node& key, config::Values& values) {
    const auto rule = read_interval(tree);
    if (!rule) return;
    auto chosen = chosen_of(*rule);
    if (!chosen.ok()) return x_findings.add(key, chosen.error());
    x_out.interval = std::move(chosen).value();
    add_interval_values(*x_out.interval, rule->unit, values);
  }

  Result<Interval> chosen_of(const IntervalRule& rule) const {
    if (!x_options.session) return Error(Fault::internal, "nobody knows time zones here");
    TRY(auto* session, x_options.session());
    if (!x_options.interval) return first_interval(rule, *session);
    auto interval = *x_options.interval;
    TRY(complete(interval, rule, *session));
    return interval;
  }

  /// Of sources, models and steps, as they stand in the file.
  static std::vector<std::string> dataset_names(const Node& tree) {
    std::vector<std::string> names;
    for (const auto* section : {"sources", "models", "steps"}) {
      const auto* nodes = tree.find(section);
      if (nodes == nullptr) continue;
      for (const auto& entry : nodes->entries) {
        if (is_node_name(entry.key.text)) names.push_back(entry.key.text);
      }
    }
    return names;
  }

  /// The connector's options of each item, behind the source that stands for all of them.
  void take_items(FileSource& source) {
    if (const auto late = x_items.late.find(source.node.name); late != x_items.late.end()) {
      source.late_items = late->second;
    }
    const auto found = x_items.known.find(source.node.name);
    if (found == x_items.known.end() || source.node.connector_key == nullptr) return;
    for (const auto& item : found->second) {
      x_out.kept.push_back(item.node);
      source.items.emplace_back(item.key, item.node->find(source.node.connector));
    }
  }

  void read_sql(FileModel& model) {
    if (model.sql_path.empty()) return;
    const auto path = (x_out.project->root / model.sql_path).lexically_normal();
    auto text = x_options.files->read(path, kSqlBytesMax);
    if (text.ok()) {
      model.sql = config::sql_of_file(std::move(*text), shown_path(path, x_options.working_folder),
                                      *x_out.values, x_findings);
      return;
    }
    const auto& at = model.sql_node ? *model.sql_node : *model.key;
    x_findings.add(at,
                   "the SQL of model `" + model.name + "`, " +
                       shown_path(path, x_options.working_folder) + ", " + text.error().text(),
                   model.sql_node ? "`sql` names a file; a SELECT itself stands in `query`"
                                  : "write that file, or add `sql: path` or `query: |`");
  }

  std::string canonical() const {
    std::string text = "{\"environment\":" + quoted(x_out.project->environment);
    text += ",\"file\":" + canonical_text(*x_out.tree) + ",\"params\":{";
    const char* separator = "";
    for (const auto& param : x_out.params) {
      text += separator + quoted(param.name) + ":" + quoted(param.value.text);
      separator = ",";
    }
    text += "},\"connections\":" + x_out.project->canonical + ",\"sql\":{";
    separator = "";
    for (const auto& model : x_out.file.models) {
      if (!model.sql || model.sql_path.empty()) continue;
      text += separator + quoted(model.name) + ":" + quoted(model.sql->written);
      separator = ",";
    }
    text += "},\"contracts\":[";
    separator = "";
    for (const auto& contract : x_out.contract_texts) {
      text += separator + quoted(contract);
      separator = ",";
    }
    return text + "]}";
  }

  static std::string quoted(const std::string& text) {
    Node scalar;
    scalar.kind = Node::Kind::scalar;
    scalar.text = text;
    return canonical_text(scalar);
  }

  const LoadOptions& x_options;
  LoadedPipeline x_out;
  config::Findings x_findings;
  ItemsBySource x_items;
};

}  // namespace

Loader::Loader(LoadOptions options) : x_options(std::move(options)) {}

const Loader::Project& Loader::project_of(const fs::path& pipeline) {
  const auto folder = pipeline.parent_path();
  const auto root = find_project_root(folder, *x_options.files).value_or(folder);
  const auto known = x_projects.find(root);
  if (known != x_projects.end()) return known->second;
  ProjectRequest request;
  request.root = root;
  request.shown_as = shown_path(root / "leat.yml", x_options.working_folder);
  request.environment = chosen_environment(x_options);
  request.variables = x_options.variables;
  request.files = x_options.files;
  config::Findings findings;
  Project project;
  project.file = std::make_shared<const ProjectFile>(read_project(request, findings));
  project.found = findings.take();
  return x_projects.emplace(root, std::move(project)).first->second;
}

Result<LoadedPipeline> Loader::begin(const fs::path& file) {
  const auto path = (x_options.working_folder / file).lexically_normal();
  const auto& project = project_of(path);
  return PipelineLoader(x_options, path, project.file).begin(project.found);
}

Result<LoadedPipeline> Loader::load(const fs::path& file) {
  TRY(auto loaded, begin(file));
  if (!loaded.findings.empty()) return Error::of(loaded.findings.take());
  return loaded;
}

}  // namespace leat::plan
