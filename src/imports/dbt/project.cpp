#include "imports/dbt/project.hpp"

#include <algorithm>

#include "config/text_files.hpp"
#include "config/yaml.hpp"
#include "imports/dbt/schema_file.hpp"
#include "io/files.hpp"

namespace leat::imports::dbt {
namespace {

namespace fs = std::filesystem;
using config::Node;

constexpr std::uint64_t kFileBytesMax = 4u << 20;
constexpr int kFolderDepthMax = 16;

/// Regular files in a folder and below it, sorted.
Status list_below(const fs::path& folder, int depth, std::vector<fs::path>& out) {
  auto& files = io::local_files();
  if (depth > kFolderDepthMax || !files.exists(folder)) return {};
  TRY(const auto here, files.list(folder));
  out.insert(out.end(), here.begin(), here.end());
  TRY(const auto below, files.list_folders(folder));
  for (const auto& inner : below) {
    TRY(list_below(inner, depth + 1, out));
  }
  return {};
}

std::vector<std::string> texts_of(const Node* node, std::vector<std::string> otherwise) {
  if (node == nullptr || !node->is_sequence()) return otherwise;
  std::vector<std::string> out;
  for (const auto& item : node->items) out.push_back(item.text);
  return out;
}

class Reader {
 public:
  explicit Reader(fs::path folder) : x_folder(std::move(folder)) {}

  Result<Project> all() {
    TRY(const auto settings, main_file());
    const auto* name = settings.find("name");
    x_project.name = name != nullptr ? name->text : x_folder.filename().string();
    read_variables(settings);
    read_settings(settings);
    leave_what_runs_around(settings);
    TRY(each_file(settings.find("macro-paths"), "macros",
                  [this](const auto& path) { macros(path); }));
    TRY(each_file(settings.find("model-paths"), "models",
                  [this](const auto& path) { model(path); }));
    TRY(each_file(settings.find("seed-paths"), "seeds", [this](const auto& path) { seed(path); }));
    TRY(each_file(settings.find("test-paths"), "tests", [this](const auto& path) { test(path); }));
    TRY(each_file(settings.find("snapshot-paths"), "snapshots", [this](const auto& path) {
      leave(path, "a snapshot: a sink with `strategy: scd2` does the same");
    }));
    return std::move(x_project);
  }

 private:
  Result<Node> main_file() {
    const auto path = x_folder / "dbt_project.yml";
    if (!io::local_files().exists(path)) {
      return Error(Fault::config, "`" + x_folder.string() + "` holds no dbt project")
          .with("looked_for", path.string())
          .hint("name the folder that dbt_project.yml lies in");
    }
    TRY(const auto text, config::local_text_files().read(path, kFileBytesMax));
    config::Findings findings;
    auto node = config::parse_yaml(text, shown(path), findings);
    if (!node) return Error::of(findings.take());
    return std::move(*node);
  }

  template <typename Use>
  Status each_file(const Node* paths, const std::string& otherwise, const Use& use) {
    for (const auto& folder : texts_of(paths, {otherwise})) {
      std::vector<fs::path> files;
      TRY(list_below(x_folder / folder, 0, files));
      for (const auto& file : files) use(file);
    }
    return {};
  }

  void read_variables(const Node& settings) {
    const auto* all = settings.find("vars");
    if (all == nullptr) return;
    for (const auto& entry : all->entries) {
      if (entry.value.is_map() && entry.key.text == x_project.name) {
        for (const auto& own : entry.value.entries) variable(own);
      } else {
        variable(entry);
      }
    }
  }

  void variable(const Node::Entry& entry) {
    x_project.variables[entry.key.text] = value_of(entry.value);
  }

  void read_settings(const Node& settings) {
    const auto read = [&](const char* key, Settings& out) {
      std::vector<Left> left;
      if (const auto* section = settings.find(key)) {
        out.read_section(*section, x_project.name, left);
      }
      for (auto& one : left) {
        x_project.left.push_back({one.file, one.line, one.what + " (" + key + ")"});
      }
    };
    read("models", x_project.of_models);
    read("seeds", x_project.of_seeds);
    read("tests", x_project.of_tests);
    read("data_tests", x_project.of_tests);
  }

  /// What dbt runs before and after the models, and what it takes from elsewhere.
  void leave_what_runs_around(const Node& settings) {
    for (const auto* key : {"on-run-start", "on-run-end"}) {
      const auto* entry = settings.find_entry(key);
      if (entry == nullptr) continue;
      leave(x_folder / "dbt_project.yml",
            "`" + std::string(key) + "`: a hook runs programs around a run", entry->key.place.line);
    }
    for (const auto* file : {"packages.yml", "dependencies.yml"}) {
      const auto path = x_folder / file;
      if (io::local_files().exists(path)) leave(path, "the packages that it names");
    }
  }

  std::string shown(const fs::path& path) const {
    return path.lexically_relative(x_folder).generic_string();
  }
  void leave(const fs::path& path, std::string what, int line = 1) {
    x_project.left.push_back({shown(path), line, std::move(what)});
  }

  std::optional<std::string> text_of_file(const fs::path& path) {
    auto text = config::local_text_files().read(path, kFileBytesMax);
    if (text.ok()) return std::move(text).value();
    leave(path, text.error().text());
    return std::nullopt;
  }

  /// Of a file that cannot be read nothing: the run will say why.
  static std::string first_line(const fs::path& path) {
    constexpr std::size_t kHeaderBytesMax = 64u << 10;
    const auto file = io::local_files().open(path, io::Open::read);
    if (!file.ok()) return "";
    std::string line(kHeaderBytesMax, '\0');
    const auto read = (*file)->read_at(0, line.data(), line.size());
    line.resize(read.ok() ? *read : 0);
    line.resize(std::min(line.find('\n'), line.size()));
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }

  void macros(const fs::path& path) {
    if (path.extension() != ".sql") return;
    if (const auto text = text_of_file(path)) x_project.macros.merge(macros_of(*text));
  }

  void model(const fs::path& path) {
    const auto ending = path.extension();
    if (ending == ".yml" || ending == ".yaml") {
      if (const auto text = text_of_file(path)) read_schema_file(*text, shown(path), x_project);
    } else if (ending == ".py") {
      leave(path, "a Python model");
    } else if (ending == ".sql") {
      if (auto text = text_of_file(path)) {
        x_project.models.push_back({path.stem().string(), shown(path), std::move(*text)});
      }
    }
  }

  void seed(const fs::path& path) {
    const auto ending = path.extension();
    if (ending == ".csv") {
      x_project.seeds.push_back({path.stem().string(), shown(path), first_line(path)});
    }
    if (ending != ".yml" && ending != ".yaml") return;
    if (const auto text = text_of_file(path)) read_schema_file(*text, shown(path), x_project);
  }

  void test(const fs::path& path) {
    if (path.extension() != ".sql") return;
    if (auto text = text_of_file(path)) {
      x_project.tests.push_back({path.stem().string(), shown(path), std::move(*text)});
    }
  }

  fs::path x_folder;
  Project x_project;
};

}  // namespace

Result<Project> read_project(const fs::path& folder) {
  auto absolute = fs::absolute(folder).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();
  return Reader(std::move(absolute)).all();
}

}  // namespace leat::imports::dbt
