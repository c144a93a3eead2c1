#include "app/state_store.hpp"

#include <algorithm>

#include "app/project.hpp"
#include "connectors/postgres/connection_options.hpp"
#include "io/files.hpp"
#include "state/postgres_store.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;
namespace pg = connectors::postgres;

constexpr const char* kFile = "state.db";

Result<state::OpenedStore> open_file(const fs::path& folder) {
  TRY(io::local_files().create_folders(folder));
  return state::Store::open_or_begin_anew(folder / kFile, io::local_files(), system_clock());
}

/// The server that keeps the history of a project; nothing: its own file does.
Result<std::optional<state::PostgresPlace>> server_of(const fs::path& where) {
  config::Findings findings;
  const auto project = project_of(where, findings);
  const auto* named = project.tree->find("state");
  const bool is_own_file = named == nullptr || named->text == "sqlite";
  if (!is_own_file && !findings.empty()) return Error::of(findings.take());
  if (!project.store) return std::optional<state::PostgresPlace>();
  config::Findings in_connection;
  std::vector<const config::Node::Entry*> of_nodes;
  const auto options = pg::read_connection(*project.store->options, in_connection, of_nodes);
  if (!options || !in_connection.empty()) return Error::of(in_connection.take());
  BuildContext context;
  context.root = project.root;
  context.files = &io::local_files();
  context.secrets = project.secrets.get();
  state::PostgresPlace place;
  TRY(place.server, pg::server_of(*options, context));
  place.shown = pg::shown_server(*options);
  place.schema = state::schema_of_project(project.name);
  return std::optional<state::PostgresPlace>(std::move(place));
}

}  // namespace

Result<state::OpenedStore> open_store(const fs::path& where) {
  TRY(const auto server, server_of(where));
  if (!server) return open_file(state_folder(where));
  TRY(auto store, state::open_postgres_store(*server, true));
  return state::OpenedStore{std::move(store), ""};
}

Result<state::OpenedStore> open_store(const plan::Plan& plan) {
  return plan.is_rehearsal ? open_file(plan.state) : open_store(plan.root);
}

Result<std::unique_ptr<state::Store>> find_store(const fs::path& where) {
  TRY(const auto server, server_of(where));
  if (server) return state::open_postgres_store(*server, false);
  const auto file = state_folder(where) / kFile;
  if (!io::local_files().exists(file)) return std::unique_ptr<state::Store>();
  return state::Store::open(file);
}

bool is_store_damaged(const fs::path& where) {
  const auto server = server_of(where);
  return server.ok() && !*server && state::is_damaged(state_folder(where) / kFile);
}

Result<bool> goes_on(state::Store& store, const state::RunRecord& run) {
  if (run.status != "running") return false;
  if (io::is_running(run.process)) return true;
  TRY(const auto leases, store.leases());
  return std::any_of(leases.begin(), leases.end(), [&](const auto& lease) {
    return lease.is_held && lease.run_id == run.run_id;
  });
}

}  // namespace leat::app
