#include "plan/project_file.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "config/canonical.hpp"
#include "config/variables.hpp"
#include "config/yaml.hpp"
#include "plan/overrides.hpp"
#include "plan/secrets.hpp"

namespace leat::plan {
namespace {

namespace fs = std::filesystem;
using config::later;
using config::Located;
using config::Node;
using config::option;

constexpr std::uint64_t kBytesMax = 1u << 20;
constexpr std::string_view kFileName = "leat.yml";
constexpr const char* kOwnFile = "sqlite";
constexpr const char* kServer = "postgres";

struct EnvironmentKeys {
  bool is_protected = false;
  const Node* connections = nullptr;
};

const config::OptionTable<EnvironmentKeys>& environment_options() {
  static const auto table = config::option_table<EnvironmentKeys>({
      option("protected", &EnvironmentKeys::is_protected,
             "Commands that replace or remove data ask first."),
      option("connections", &EnvironmentKeys::connections,
             "Options laid over those of the connections of the same name.")
          .example("{dw: {duckdb: {path: prod.duckdb}}}"),
  });
  return table;
}

struct RetentionKeys {
  std::optional<config::Duration> age;
  std::optional<std::uint64_t> runs;
  std::optional<config::Duration> quarantine;
};

const config::OptionTable<RetentionKeys>& retention_options() {
  static const auto table = config::option_table<RetentionKeys>({
      option("age", &RetentionKeys::age, "Runs that began longer ago are forgotten.")
          .example("90d"),
      option("runs", &RetentionKeys::runs, "So many runs are kept, the newest ones.")
          .between(1, 1'000'000'000)
          .example("10000"),
      option("quarantine", &RetentionKeys::quarantine,
             "Rows that were set aside longer ago are let go at the end of a run, those that wait "
             "with an event; what is held stays.")
          .example("180d"),
  });
  return table;
}

struct ProjectKeys {
  Located<std::string> project;
  const Node* connections = nullptr;
  const Node* secrets = nullptr;
  std::vector<std::pair<Located<std::string>, EnvironmentKeys>> environments;
  Located<std::string> state{kOwnFile};
  RetentionKeys retention;
  Located<std::string> artifacts{".leat/artifacts"};
};

const config::OptionTable<ProjectKeys>& project_table() {
  static const auto table = config::option_table<ProjectKeys>({
      option("project", &ProjectKeys::project, "Name of the project.")
          .example("county-health")
          .required()
          .length(1, 200),
      option("connections", &ProjectKeys::connections,
             "Other systems by name: each has one key that names its connector.")
          .example("{dw: {postgres: {host: localhost}}}"),
      option("secrets", &ProjectKeys::secrets,
             "Where secrets are looked for, in order: `env` (LEAT_SECRET_<NAME>) or a file.")
          .example("[env, {file: .leat/secrets.yml}]"),
      option("environments", &ProjectKeys::environments, "Environments by name; -e chooses one.",
             environment_options())
          .example("{prod: {protected: true}}"),
      option("state", &ProjectKeys::state,
             "Where runs are remembered: `sqlite`, a file of the project, or the name of a "
             "PostgreSQL connection, which several machines share. It is the same for every "
             "environment.")
          .example("dw"),
      option(
          "retention", &ProjectKeys::retention,
          "How much history is kept; default: all of it. The ledgers of the targets keep theirs.",
          retention_options()),
      option("artifacts", &ProjectKeys::artifacts,
             "Folder of quarantine and held publishes; must not be lost."),
      later("defaults", "Values for every pipeline."),
      later("alerts", "Alert channels that pipelines may name."),
  });
  return table;
}

struct SecretKeys {
  std::optional<std::string> file;
};

const config::OptionTable<SecretKeys>& secret_options() {
  static const auto table = config::option_table<SecretKeys>({
      option("file", &SecretKeys::file, "A YAML file of names and secrets, chmod 600."),
      later("command", "A command that prints a secret."),
      later("vault", "A HashiCorp Vault."),
  });
  return table;
}

class Reader {
 public:
  Reader(const ProjectRequest& request, config::Findings& findings)
      : x_request(request), x_findings(findings) {
    x_out.root = request.root;
    x_out.environment = request.environment.empty() ? "dev" : request.environment;
  }

  ProjectFile read() {
    auto parsed = parse();
    Node tree = parsed.value_or(Node{});
    apply_overrides(tree, project_options().keys(), *x_request.variables, x_findings);
    auto values = std::make_shared<config::Values>();
    values->set("env", {config::ValueType::text, x_out.environment});
    const auto named = resolve_scalars(tree, *x_request.variables, values, x_findings);
    auto kept = std::make_shared<Node>(std::move(tree));
    x_out.tree = kept;
    ProjectKeys keys;
    if (parsed) project_table().read(*kept, keys, x_findings);
    choose_environment(keys);
    read_secrets(keys.secrets);
    read_artifacts(keys.artifacts);
    read_store(keys.state);
    if (keys.retention.age) x_out.retention.age = keys.retention.age->length;
    x_out.retention.runs = keys.retention.runs;
    if (keys.retention.quarantine) x_out.retention.quarantine = keys.retention.quarantine->length;
    read_connections();
    x_out.name = keys.project.text;
    if (!x_findings_in_providers) check_secrets(named, *x_out.secrets, x_findings);
    return std::move(x_out);
  }

 private:
  std::optional<Node> parse() {
    const auto file = x_request.root / kFileName;
    if (!x_request.files->exists(file)) return std::nullopt;
    x_out.file = file;
    auto text = x_request.files->read(file, kBytesMax);
    if (!text.ok()) {
      x_findings.add(Place{x_request.shown_as, 0, 0}, text.error().text());
      return std::nullopt;
    }
    return parse_yaml(*text, x_request.shown_as, x_findings);
  }

  void choose_environment(const ProjectKeys& keys) {
    std::vector<std::string> known;
    for (const auto& [name, environment] : keys.environments) {
      known.push_back(name.text);
      if (name.text != x_out.environment) continue;
      x_out.is_protected = environment.is_protected;
      x_overlay = environment.connections;
    }
    const bool found = std::find(known.begin(), known.end(), x_out.environment) != known.end();
    if (found || x_out.environment == "dev") return;
    x_findings.add(Place{"environment", 0, 0},
                   "there is no environment `" + x_out.environment + "`",
                   x_out.file.empty() ? "environments stand in leat.yml, and there is none"
                                      : name_hint(x_out.environment, known));
  }

  void read_secrets(const Node* list) {
    std::vector<std::unique_ptr<SecretProvider>> providers;
    const auto add_file = [&](const std::string& path) {
      const auto file = (x_out.root / path).lexically_normal();
      providers.push_back(secrets_in_file(*x_request.files, file, path));
    };
    if (!list) {
      providers.push_back(secrets_in_environment(*x_request.variables));
      add_file(".leat/secrets.yml");
    } else if (!list->is_sequence()) {
      config::add_mismatch(*list, "a list such as [env, {file: .leat/secrets.yml}]", x_findings);
    }
    for (const auto& item : list ? list->items : std::vector<Node>()) {
      SecretKeys keys;
      if (item.is_scalar() && item.text == "env") {
        providers.push_back(secrets_in_environment(*x_request.variables));
      } else if (!item.is_map()) {
        config::add_mismatch(item, "`env` or {file: path}", x_findings);
        x_findings_in_providers = true;
      } else if (!secret_options().read(item, keys, x_findings)) {
        x_findings_in_providers = true;
      } else if (keys.file) {
        add_file(*keys.file);
      }
    }
    x_out.secrets = secrets_in_order(std::move(providers));
  }

  void read_artifacts(const Located<std::string>& path) {
    if (path.text.find("://") != std::string::npos) {
      x_findings.add(path.place, "artifacts in an object store are not built yet",
                     "name a local folder", path.length);
    }
    x_out.artifacts = (x_out.root / path.text).lexically_normal();
  }

  /// Of the connections as the file has them, without those of an environment: the history tells of
  /// the runs of all.
  void read_store(const Located<std::string>& named) {
    if (named.text == kOwnFile) return;
    std::vector<std::string> names{kOwnFile};
    const auto* all = x_out.tree->find("connections");
    if (all == nullptr) all = &x_no_connections;
    for (const auto& entry : all->entries) {
      const auto* options = entry.value.find(kServer);
      if (options != nullptr) names.push_back(entry.key.text);
      if (entry.key.text != named.text) continue;
      if (options == nullptr) {
        x_findings.add(named.place,
                       "the state is kept in SQLite or in PostgreSQL, and connection `" +
                           named.text + "` is neither",
                       "", named.length);
        return;
      }
      x_out.store = FileNode{named.text, &entry.key, kServer, nullptr, options};
      return;
    }
    x_findings.add(named.place, "there is no connection `" + named.text + "`",
                   name_hint(named.text, names), named.length);
  }

  void read_connections() {
    auto merged = std::make_shared<Node>();
    merged->kind = Node::Kind::map;
    if (const auto* base = x_out.tree->find("connections")) *merged = *base;
    if (merged->is_null()) merged->kind = Node::Kind::map;
    if (x_overlay) lay_over(*merged, *x_overlay);
    if (!merged->is_map()) return config::add_mismatch(*merged, "a map of names", x_findings);
    static const config::OptionSet kNoReserved({});
    for (const auto& entry : merged->entries) {
      if (!check_node_name(entry.key, x_findings)) continue;
      if (!entry.value.is_map()) {
        config::add_mismatch(entry.value, "a map with one connector", x_findings);
        continue;
      }
      std::vector<const Node::Entry*> keys;
      for (const auto& one : entry.value.entries) keys.push_back(&one);
      x_out.connections.push_back(
          find_connector(entry, keys, kNoReserved, kNoReserved, "connection", x_findings));
    }
    x_out.canonical = config::canonical_text(*merged);
    x_out.connection_tree = std::move(merged);
  }

  const ProjectRequest& x_request;
  config::Findings& x_findings;
  ProjectFile x_out;
  const Node* x_overlay = nullptr;
  bool x_findings_in_providers = false;
  const Node x_no_connections{};
};

}  // namespace

std::optional<fs::path> find_project_root(const fs::path& folder, const config::TextFiles& files) {
  for (auto at = folder;; at = at.parent_path()) {
    if (files.exists(at / kFileName)) return at;
    if (!at.has_relative_path()) return std::nullopt;
  }
}

ProjectFile read_project(const ProjectRequest& request, config::Findings& findings) {
  return Reader(request, findings).read();
}

const config::OptionSet& project_options() { return project_table(); }

}  // namespace leat::plan
