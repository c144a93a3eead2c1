#include "app/connections.hpp"

#include "app/all_files.hpp"
#include "app/catalog.hpp"
#include "base/names.hpp"
#include "plan/project_file.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

Result<plan::ProjectFile> read(const fs::path& where, const LoadOptions& options) {
  config::Findings findings;
  plan::ProjectRequest request;
  request.root = state_folder(where).parent_path();
  request.shown_as = "leat.yml";
  request.environment = options.environment;
  request.variables = &config::process_environment();
  request.files = &config::local_text_files();
  auto project = plan::read_project(request, findings);
  if (!findings.empty()) return Error::of(findings.take());
  if (!project.file.empty()) return project;
  return Error(Fault::config, "there is no leat.yml here, and connections stand in it")
      .hint("name the project's folder: --project FOLDER");
}

ConnectionState state_of(const plan::FileNode& connection) {
  ConnectionState state;
  state.name = connection.name;
  state.connector = connection.connector;
  state.place = text_of(connection.key->place);
  return state;
}

void note(ConnectionState& state, const Error& error) {
  state.said = error.text();
  state.hint = error.hint_text();
}

void ask(const plan::ProjectFile& project, const plan::FileNode& connection,
         ConnectionState& state) {
  const auto* entry = catalog().connection(connection.connector);
  if (entry == nullptr) {
    state.said = "nothing to reach: `" + connection.connector + "` is not asked by name";
    return;
  }
  state.asked = true;
  BuildContext context;
  context.root = project.root;
  context.files = &all_files();
  context.secrets = project.secrets.get();
  config::Findings findings;
  const auto answer = entry->reach(*connection.options, context, findings);
  if (!findings.empty()) {
    const auto found = findings.take();
    state.said = text_of(found.front().place) + ": " + found.front().message;
    state.hint = found.front().hint;
  } else if (!answer.ok()) {
    note(state, answer.error());
  } else {
    state.reached = true;
    state.said = *answer;
  }
}

}  // namespace

Result<std::vector<ConnectionState>> list_connections(const fs::path& where,
                                                      const LoadOptions& options) {
  TRY(const auto project, read(where, options));
  std::vector<ConnectionState> states;
  for (const auto& connection : project.connections) states.push_back(state_of(connection));
  return states;
}

Result<std::vector<ConnectionState>> test_connections(const fs::path& where,
                                                      const std::string& name,
                                                      const LoadOptions& options) {
  TRY(const auto project, read(where, options));
  std::vector<ConnectionState> states;
  std::vector<std::string> names;
  for (const auto& connection : project.connections) {
    names.push_back(connection.name);
    if (!name.empty() && connection.name != name) continue;
    states.push_back(state_of(connection));
    ask(project, connection, states.back());
  }
  if (!states.empty() || name.empty()) return states;
  return Error(Fault::config, "there is no connection `" + name + "`").hint(name_hint(name, names));
}

}  // namespace leat::app
