#include "app/history.hpp"

#include <set>

#include "app/project.hpp"
#include "app/state_store.hpp"
#include "base/names.hpp"

namespace leat::app {

Result<std::unique_ptr<state::Store>> open_history(const std::filesystem::path& where) {
  auto store = find_store(where);
  if (store.ok() && !*store) {
    return Error(Fault::config, "no run has been made here yet")
        .with("looked_in", state_folder(where).string())
        .hint("`leat run <pipeline.yml>` makes one");
  }
  if (store.ok() || !is_store_damaged(where)) return store;
  return std::move(store).error().hint(
      "the next `leat run` sets it aside and begins a new one; only history is in it");
}

namespace {

/// Those that have run and those whose files lie here.
std::set<std::string> pipelines_of(const std::filesystem::path& where, state::Store& store) {
  constexpr std::size_t kRunsMax = 10'000;
  std::set<std::string> names;
  if (const auto files = find_pipelines(where); files.ok()) {
    for (const auto& file : *files) names.insert(file.stem().string());
  }
  if (const auto all = store.runs("", kRunsMax); all.ok()) {
    for (const auto& run : *all) names.insert(run.pipeline);
  }
  return names;
}

}  // namespace

Result<std::vector<state::RunRecord>> runs(const std::filesystem::path& where,
                                           const std::string& pipeline, std::size_t limit) {
  TRY(auto store, open_history(where));
  TRY(auto found, store->runs(pipeline, limit));
  for (auto& run : found) {
    if (run.status != "running") continue;
    TRY(const bool is_under_way, goes_on(*store, run));
    if (!is_under_way) run.status = "crashed";
  }
  if (!found.empty() || pipeline.empty()) return found;
  const auto known = pipelines_of(where, *store);
  if (known.contains(pipeline)) return found;
  const std::vector<std::string> names(known.begin(), known.end());
  return Error(Fault::config, "there is no pipeline `" + pipeline + "` here")
      .hint(name_hint(pipeline, names));
}

Result<state::RunRecord> find_run(const std::filesystem::path& where,
                                  const std::string& id_prefix) {
  TRY(auto store, open_history(where));
  return store->run(id_prefix);
}

}  // namespace leat::app
