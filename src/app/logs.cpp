#include "app/logs.hpp"

#include "app/history.hpp"
#include "app/project.hpp"
#include "io/files.hpp"
#include "run/run_log.hpp"

namespace leat::app {

Result<RunLogText> read_log(const std::filesystem::path& where, const std::string& id_prefix) {
  TRY(const auto run, find_run(where, id_prefix));
  RunLogText out;
  out.run_id = run.run_id.text();
  out.file = run::log_path(state_folder(where), run.run_id);
  out.running = run.status == "running";
  if (!io::local_files().exists(out.file)) {
    return Error(Fault::config, "run " + out.run_id + " has left no log")
        .with("looked_for", out.file.string())
        .hint("`leat explain " + out.run_id + "` tells what the history knows of it");
  }
  TRY(out.text, io::read_text(io::local_files(), out.file));
  return out;
}

}  // namespace leat::app
