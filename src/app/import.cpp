#include "app/import.hpp"

#include "app/catalog.hpp"
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
  TRY(auto project, dbt::read_project(from));
  const auto folder = to.empty() ? fs::path(project.name + "_leat") : to;
  TRY(refuse_what_is_there(folder));
  dbt::TranslationOptions options;
  options.seeds_from = fs::absolute(from).lexically_normal().lexically_relative(
      fs::absolute(folder).lexically_normal());
  for (const auto& [name, entry] : catalog().checks()) options.checks.insert(name);
  const auto made = dbt::translate(std::move(project), options);
  TRY(write_all(folder, made));
  ImportOutcome out{folder / (made.name + ".yml"), made.sources, made.models, made.checks, {}};
  for (const auto& left : made.left) out.left.push_back({left.file, left.line, left.what});
  return out;
}

}  // namespace leat::app
