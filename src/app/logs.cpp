#include "app/logs.hpp"

#include "app/history.hpp"
#include "app/project.hpp"
#include "app/state_store.hpp"
#include "io/files.hpp"
#include "run/run_log.hpp"

namespace leat::app {
namespace {

Result<std::string> text_from(const std::filesystem::path& path, std::uint64_t from) {
  TRY(const auto file, io::local_files().open(path, io::Open::read));
  TRY(const auto stat, file->stat());
  if (stat.size <= from) return std::string();
  std::string text(stat.size - from, '\0');
  TRY(const auto size, file->read_at(from, text.data(), text.size()));
  text.resize(size);
  return text;
}

}  // namespace

Result<RunLogText> read_log(const std::filesystem::path& where, const std::string& id_prefix,
                            std::uint64_t from) {
  TRY(const auto store, open_history(where));
  TRY(const auto run, store->run(id_prefix));
  RunLogText out;
  out.run_id = run.run_id.text();
  out.file = run::log_path(state_folder(where), run.run_id);
  TRY(out.running, goes_on(*store, run));
  if (!io::local_files().exists(out.file)) {
    return Error(Fault::config, "run " + out.run_id + " has left no log")
        .with("looked_for", out.file.string())
        .hint("`leat explain " + out.run_id + "` tells what the history knows of it");
  }
  TRY(out.text, text_from(out.file, from));
  return out;
}

}  // namespace leat::app
