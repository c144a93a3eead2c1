#include "app/history.hpp"

#include "app/project.hpp"
#include "io/files.hpp"

namespace leat::app {
namespace {

Result<std::unique_ptr<state::Store>> open_existing(const std::filesystem::path& where) {
  const auto path = state_folder(where) / "state.db";
  if (!io::local_files().exists(path)) {
    return Error(Fault::config, "no run has been made here yet")
        .with("looked_for", path.string())
        .hint("`leat run <pipeline.yml>` makes one");
  }
  auto store = state::Store::open(path);
  if (store.ok() || !state::is_damaged(path)) return store;
  return std::move(store).error().hint(
      "the next `leat run` sets it aside and begins a new one; only history is in it");
}

}  // namespace

Result<std::vector<state::RunRecord>> runs(const std::filesystem::path& where,
                                           const std::string& pipeline, std::size_t limit) {
  TRY(auto store, open_existing(where));
  return store->runs(pipeline, limit);
}

Result<state::RunRecord> find_run(const std::filesystem::path& where,
                                  const std::string& id_prefix) {
  TRY(auto store, open_existing(where));
  return store->run(id_prefix);
}

}  // namespace leat::app
