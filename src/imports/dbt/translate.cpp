#include "imports/dbt/translate.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <tuple>

#include "base/names.hpp"
#include "imports/dbt/builtins.hpp"
#include "imports/dbt/checks.hpp"
#include "imports/dbt/seed_source.hpp"

namespace leat::imports::dbt {
namespace {

struct Model {
  const SqlFile* file = nullptr;
  std::string sql;
  std::string materialized;
  std::set<std::string> inputs;
};

struct CheckLine {
  std::string yaml;
  std::size_t test = 0;
};

std::string as_name(std::string text) {
  for (auto& c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return is_node_name(text) ? text : "dbt_" + text.substr(0, 59);
}

std::string as_statement(std::string sql) {
  const auto first = sql.find_first_not_of(" \t\r\n");
  if (first == sql.npos) return "";
  const auto last = sql.find_last_not_of(" \t\r\n;");
  return sql.substr(first, last - first + 1) + "\n";
}

class Translator {
 public:
  Translator(Project project, const TranslationOptions& options)
      : x_project(std::move(project)), x_options(options) {}

  Translation all() {
    x_out.name = as_name(x_project.name);
    x_out.left = std::move(x_project.left);
    name_datasets();
    for (const auto& file : x_project.models) render_model(file);
    leave_circles();
    leave_dependents();
    x_out.models = x_models.size();
    leave_tests();
    add_files();
    std::stable_sort(x_out.left.begin(), x_out.left.end(), [](const Left& a, const Left& b) {
      return std::tie(a.file, a.line) < std::tie(b.file, b.line);
    });
    return std::move(x_out);
  }

 private:
  void leave(const std::string& file, int line, std::string what) {
    x_out.left.push_back({file, line, std::move(what)});
  }

  void name_datasets() {
    for (const auto& seed : x_project.seeds) name_seed(seed);
    for (const auto& model : x_project.models) x_datasets.insert(model.name);
    for (const auto& source : x_project.sources) name_source(source);
  }

  void name_seed(const SqlFile& seed) {
    if (is_off(x_project.of_seeds.find("enabled", seed.name, seed.path))) {
      return leave(seed.path, 1, "the seed: it is disabled");
    }
    x_datasets.insert(seed.name);
    x_places[seed.name] = (x_options.seeds_from / seed.path).generic_string();
    x_seeds[seed.name] = &seed;
  }

  /// A seed of the same name is the table: projects load their examples so.
  void name_source(const SourceTable& source) {
    const auto path = source.source + "." + source.table;
    if (x_places.contains(source.table) && x_datasets.contains(source.table)) {
      x_sources[path] = source.table;
      return;
    }
    const auto short_name = as_name(source.table);
    const bool taken = x_datasets.contains(short_name) || x_places.contains(short_name);
    const auto name = taken ? as_name(source.source + "_" + source.table) : short_name;
    x_sources[path] = name;
    x_places[name] = source.location;
    x_declared[name] = &source;
  }

  void render_model(const SqlFile& file) {
    if (!is_node_name(file.name)) return leave(file.path, 1, "a model whose name is no name here");
    if (x_models.contains(file.name)) return leave(file.path, 1, "a second model of this name");
    ModelContext context(x_project, x_datasets, x_sources);
    const std::map<std::string, Value> variables{
        {"target", {{"name", "dev"}, {"type", "duckdb"}, {"schema", "main"}}},
        {"execute", false},
        {"flags", {{"FULL_REFRESH", true}}}};
    const auto call = [&](const std::string& name, const CallArguments& arguments) {
      return context.call(name, arguments);
    };
    const auto sql = render(file.text, x_project.macros, call, variables);
    const bool is_off_by_settings =
        is_off(x_project.of_models.find("enabled", file.name, file.path));
    if (!context.enabled().value_or(!is_off_by_settings)) {
      return leave(file.path, 1, "the model: it is disabled");
    }
    if (!sql.ok()) return leave_unrendered(file, sql.error().message());
    for (const auto& key : context.left()) leave(file.path, 1, "`" + key + "` of `config`");
    auto kind = context.materialized().empty() ? materialized_of(file) : context.materialized();
    if (kind == "incremental") leave(file.path, 1, "incremental: it is built whole at each run");
    x_models[file.name] = {&file, as_statement(*sql), std::move(kind), context.inputs()};
  }

  void leave_unrendered(const SqlFile& file, const std::string& message) {
    const auto colon = message.find(": ");
    const int line = std::atoi(message.c_str());
    leave(
        file.path, std::max(line, 1),
        "the model: " + (line > 0 && colon != message.npos ? message.substr(colon + 2) : message));
  }

  std::string materialized_of(const SqlFile& file) const {
    const auto* said = x_project.of_models.find("materialized", file.name, file.path);
    return said == nullptr ? "view" : said->text;
  }

  /// The shortest way of reading from a model back to it: "a → b → a"; empty: there is none.
  std::string circle_of(const std::string& model) const {
    std::map<std::string, std::string> readers;
    std::vector<std::string> queue{model};
    for (std::size_t i = 0; i < queue.size() && !readers.contains(model); ++i) {
      const auto reader = queue[i];
      const auto found = x_models.find(reader);
      if (found == x_models.end()) continue;
      for (const auto& input : found->second.inputs) {
        if (readers.emplace(input, reader).second) queue.push_back(input);
      }
    }
    if (!readers.contains(model)) return "";
    auto text = model;
    for (auto at = readers.at(model); at != model; at = readers.at(at)) {
      text.insert(0, at + " → ");
    }
    return model + " → " + text;
  }

  void leave_circles() {
    std::map<std::string, std::string> circles;
    for (const auto& [name, model] : x_models) {
      if (auto circle = circle_of(name); !circle.empty()) circles[name] = std::move(circle);
    }
    for (const auto& [name, circle] : circles) {
      leave(x_models.at(name).file->path, 1, "the model: it reads itself, " + circle);
      x_models.erase(name);
    }
  }

  /// What reads a model that was left cannot run either.
  void leave_dependents() {
    for (bool again = true; again;) {
      again = false;
      for (auto at = x_models.begin(); at != x_models.end();) {
        const auto lost = std::find_if(
            at->second.inputs.begin(), at->second.inputs.end(), [&](const std::string& input) {
              return !x_models.contains(input) && !x_places.contains(input);
            });
        if (lost == at->second.inputs.end()) {
          ++at;
          continue;
        }
        leave(at->second.file->path, 1, "the model: it reads `" + *lost + "`, which was left");
        at = x_models.erase(at);
        again = true;
      }
    }
  }

  void leave_tests() {
    for (const auto& test : x_project.tests) {
      leave(test.path, 1, "a test in SQL: a check of the kind `sql` says the same");
    }
  }

  std::string node_of(const std::string& dbt_name) const {
    const auto source = x_sources.find(dbt_name);
    return source == x_sources.end() ? dbt_name : source->second;
  }

  std::set<std::string> used_sources() const {
    std::set<std::string> out;
    for (const auto& [name, model] : x_models) {
      for (const auto& input : model.inputs) {
        if (x_places.contains(input) && !x_models.contains(input)) out.insert(input);
      }
    }
    for (const auto& use : x_project.uses) {
      const auto node = node_of(use.model);
      const auto other = consulted_by(use);
      if (!runs(use) || !(x_models.contains(node) || out.contains(node))) continue;
      if (x_seeds.contains(other)) out.insert(other);
    }
    return out;
  }

  bool runs(const TestUse& use) const {
    return !is_disabled(use) &&
           !is_off(x_project.of_tests.find("enabled", use.name, use.place.file));
  }

  std::string sources_text(const std::set<std::string>& used) {
    std::string out;
    for (const auto& name : used) {
      auto place = x_places.at(name);
      if (place.empty()) {
        place = "data/" + x_declared.at(name)->table + ".csv";
        leave(x_declared.at(name)->place.file, x_declared.at(name)->place.line,
              "the place of source " + x_declared.at(name)->source + "." +
                  x_declared.at(name)->table + ": `" + place + "` stands for it");
      }
      const bool is_parquet = place.ends_with(".parquet");
      out += "  " + name + ": {" + (is_parquet ? "parquet" : "csv") +
             ": {path: " + in_quotes(place) + options_of(name) + "}}\n";
    }
    return out;
  }

  std::string options_of(const std::string& source) {
    const auto seed = x_seeds.find(source);
    if (seed == x_seeds.end()) return "";
    const auto& file = *seed->second;
    return seed_options(x_project.of_seeds, file.name, file.path, file.text, x_out.left);
  }

  /// Why a test has no node to be a check of, or to compare with; empty: it has.
  std::string obstacle(const TestUse& use, const std::set<std::string>& used) const {
    const auto test = "the test `" + use.name + "` of `" + use.model + "`";
    const auto is_there = [&](const std::string& node) {
      return x_models.contains(node) || used.contains(node);
    };
    const auto other = consulted_by(use);
    if (!runs(use)) return test + ": it is disabled";
    if (!is_there(node_of(use.model))) return test + ", which is not there";
    if (other.empty() || is_there(other)) return "";
    return test + ": it compares with `" + other + "`, which is not there";
  }

  /// By what its SQL reads, and by what its rows are compared with so far.
  bool rests_on(const std::string& node, const std::string& other) const {
    if (node == other) return true;
    std::set<std::string> before;
    if (const auto model = x_models.find(node); model != x_models.end()) {
      before = model->second.inputs;
    }
    if (const auto more = x_consulted.find(node); more != x_consulted.end()) {
      before.insert(more->second.begin(), more->second.end());
    }
    return std::any_of(before.begin(), before.end(),
                       [&](const auto& input) { return rests_on(input, other); });
  }

  /// Why it cannot be a check here; empty: it can.
  std::string refusal(std::size_t test, const std::set<std::string>& used) const {
    const auto& use = x_project.uses[test];
    if (auto why = obstacle(use, used); !why.empty()) return why;
    const auto check = check_of(use, x_options.checks);
    if (!check.ok()) return check.error().message();
    const auto refused = x_options.refused.find(test);
    if (refused == x_options.refused.end()) return "";
    return "the test `" + use.name + "` of `" + use.model + "`: " + refused->second;
  }

  /// The lines of checks, by the node that they stand below.
  std::map<std::string, std::vector<CheckLine>> check_lines(const std::set<std::string>& used) {
    std::map<std::string, std::vector<CheckLine>> out;
    for (std::size_t test = 0; test < x_project.uses.size(); ++test) {
      const auto& use = x_project.uses[test];
      if (auto why = refusal(test, used); !why.empty()) {
        leave(use.place.file, use.place.line, std::move(why));
        continue;
      }
      const auto node = node_of(use.model);
      const auto other = consulted_by(use);
      if (!other.empty() && rests_on(other, node)) {
        out[other].push_back({looked_back(use, node), test});
      } else {
        out[node].push_back({*check_of(use, x_options.checks), test});
        if (!other.empty()) x_consulted[node].insert(other);
      }
      ++x_out.checks;
    }
    return out;
  }

  std::string checks_text(const std::set<std::string>& used, int first_line) {
    std::string out;
    auto line = first_line;
    for (const auto& [node, checks] : check_lines(used)) {
      out += "  " + node + ":\n";
      ++line;
      for (const auto& check : checks) {
        out += "    - " + check.yaml + "\n";
        x_out.tests[line++] = check.test;
      }
    }
    return out;
  }

  std::string sinks_text() const {
    std::string out;
    for (const auto& [name, model] : x_models) {
      if (model.materialized == "ephemeral") continue;
      out += "  publish_" + name + ": {duckdb: {path: " + x_out.name + ".duckdb, table: " + name +
             "}, from: " + name + "}\n";
    }
    return out;
  }

  void add_files() {
    std::string models;
    for (const auto& [name, model] : x_models) {
      const auto path = "models/" + name + ".sql";
      models += "  " + name + ": {sql: " + path + "}\n";
      x_out.files.push_back({path, model.sql});
    }
    const auto used = used_sources();
    x_out.sources = used.size();
    const auto section = [](const char* key, const std::string& text) {
      return text.empty() ? std::string() : std::string(key) + ":\n" + text;
    };
    auto text = "# Made from the dbt project " + x_out.name +
                " by `leat import dbt`.\npipeline: " + x_out.name + "\n";
    text += section("sources", sources_text(used)) + section("models", models);
    const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
    text += section("checks", checks_text(used, lines + 2)) + section("sinks", sinks_text());
    x_out.files.push_back({x_out.name + ".yml", text});
  }

  Project x_project;
  const TranslationOptions& x_options;
  Translation x_out;
  std::set<std::string> x_datasets;
  std::map<std::string, std::string> x_sources;          ///< "source.table" to its node.
  std::map<std::string, std::string> x_places;           ///< Of nodes that are files.
  std::map<std::string, const SqlFile*> x_seeds;         ///< Those that are not disabled.
  std::map<std::string, const SourceTable*> x_declared;  ///< Sources by their node.
  std::map<std::string, Model> x_models;
  std::map<std::string, std::set<std::string>> x_consulted;  ///< By relationships.
};

}  // namespace

Translation translate(Project project, const TranslationOptions& options) {
  return Translator(std::move(project), options).all();
}

}  // namespace leat::imports::dbt
