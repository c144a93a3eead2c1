#include "app/import.hpp"

#include <memory>

#include "app/catalog.hpp"
#include "app/project.hpp"
#include "base/crash_point.hpp"
#include "imports/dbt/translate.hpp"
#include "io/files.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;
namespace dbt = imports::dbt;

Status refuse_what_is_there(const fs::path& folder) {
  auto& files = io::local_files();
  if (!files.exists(folder)) return {};
  TRY(const auto stat, files.stat(folder));
  if (stat.is_folder) {
    TRY(const auto inside, files.list(folder));
    TRY(const auto below, files.list_folders(folder));
    if (inside.empty() && below.empty()) return {};
  }
  return Error(Fault::config,
               "`" + folder.string() + "` is there and is not empty; nothing was written")
      .hint("name a new folder with --out")
      .refused();
}

/// The files of a translation, as if they had been written.
class UnwrittenFiles final : public config::TextFiles {
 public:
  UnwrittenFiles(const fs::path& folder, const dbt::Translation& made) {
    for (const auto& file : made.files) x_texts[normal(folder / file.path)] = file.text;
  }

  bool exists(const fs::path& file) const override {
    return x_texts.contains(normal(file)) || config::local_text_files().exists(file);
  }
  Result<std::string> read(const fs::path& file, std::uint64_t bytes_max) const override {
    const auto found = x_texts.find(normal(file));
    if (found != x_texts.end()) return found->second;
    return config::local_text_files().read(file, bytes_max);
  }
  Result<bool> open_to_others(const fs::path& file) const override {
    return config::local_text_files().open_to_others(file);
  }

 private:
  static fs::path normal(const fs::path& file) { return fs::absolute(file).lexically_normal(); }

  std::map<fs::path, std::string> x_texts;
};

/// Leaves the tests out which the plan refuses, of a column that is not there for one: where one
/// check cannot be, nothing of the pipeline would run. What else is wrong is for `leat check`.
dbt::Translation translate_what_fits(const dbt::Project& project, dbt::TranslationOptions options,
                                     const fs::path& folder) {
  while (true) {
    auto made = dbt::translate(project, options);
    LoadOptions load;
    load.files = std::make_shared<UnwrittenFiles>(folder, made);
    load.keeps_contracts = false;
    const auto plan = Planner(load).plan(folder / made.files.back().path, false);
    if (plan.ok()) return made;
    const auto refused_before = options.refused.size();
    for (const auto& said : plan.error().diagnostics()) {
      const auto test = made.tests.find(said.place.line);
      const bool is_here = fs::path(said.place.file).filename() == made.files.back().path;
      if (is_here && test != made.tests.end()) options.refused.emplace(test->second, said.message);
    }
    if (options.refused.size() == refused_before) return made;
  }
}

/// The pipeline comes last: where it is, everything that it names is too.
Status write_all(const fs::path& folder, const dbt::Translation& made) {
  auto& files = io::local_files();
  for (const auto& file : made.files) {
    const auto path = folder / file.path;
    TRY(files.create_folders(path.parent_path()));
    crash_point("import.file.before");
    TRY(io::write_durably(files, path, file.text));
    crash_point("import.file.after");
  }
  return {};
}

}  // namespace

Result<ImportOutcome> import_dbt(const fs::path& from, const fs::path& to) {
  TRY(const auto project, dbt::read_project(from));
  const auto folder = to.empty() ? fs::path(project.name + "_leat") : to;
  TRY(refuse_what_is_there(folder));
  dbt::TranslationOptions options;
  options.seeds_from = fs::absolute(from).lexically_normal().lexically_relative(
      fs::absolute(folder).lexically_normal());
  for (const auto& [name, entry] : catalog().checks()) options.checks.insert(name);
  const auto made = translate_what_fits(project, std::move(options), folder);
  TRY(write_all(folder, made));
  ImportOutcome out{folder / (made.name + ".yml"), made.sources, made.models, made.checks, {}};
  for (const auto& left : made.left) out.left.push_back({left.file, left.line, left.what});
  return out;
}

}  // namespace leat::app
