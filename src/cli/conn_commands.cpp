#include <nlohmann/json.hpp>

#include "app/connections.hpp"
#include "app/contracts.hpp"
#include "cli/arguments.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

std::string text_of(const app::Discovered& found, const Output& output) {
  std::string out = output.bold(found.source) + "  " + found.file + "  ";
  if (!found.note.empty()) {
    out += "not written: " + found.note;
  } else if (!found.written) {
    out += "as it was";
  } else {
    out += found.was_there ? "changed" : "written";
  }
  const auto& lines = found.was_there ? found.changes : found.columns;
  for (const auto& line : lines) out += "\n    " + line;
  return out;
}

json json_of(const app::Discovered& found) {
  return {{"source", found.source},   {"file", found.file},       {"columns", found.columns},
          {"changes", found.changes}, {"written", found.written}, {"note", found.note}};
}

json json_of(const app::ConnectionState& state) {
  return {{"name", state.name},   {"connector", state.connector}, {"place", state.place},
          {"asked", state.asked}, {"reached", state.reached},     {"said", state.said},
          {"hint", state.hint}};
}

std::string text_of(const app::ConnectionState& state, const Output& output) {
  std::string text = output.bold(state.name) + "  " + state.connector;
  if (state.said.empty()) return text + "  " + state.place;
  if (state.asked) text += state.reached ? "  ok" : "  failed";
  text += "  " + state.said;
  if (!state.hint.empty()) text += "\n    hint: " + state.hint;
  return text;
}

/// Exit code 1 when somebody was asked and did not answer.
int tell(const Result<std::vector<app::ConnectionState>>& states, const Arguments& arguments,
         const char* command) {
  if (!states.ok()) return report_error(states.error(), arguments.output, command);
  bool ok = true;
  json list = json::array();
  for (const auto& state : *states) {
    ok = ok && (state.reached || !state.asked);
    list.push_back(json_of(state));
    if (!arguments.output.json) print(text_of(state, arguments.output));
  }
  if (arguments.output.json) {
    print(json{{"schema", "leat.connections/1"}, {"ok", ok}, {"connections", list}}.dump());
  }
  return ok ? 0 : 1;
}

}  // namespace

int conn_list_command(const Arguments& arguments) {
  return tell(app::list_connections(arguments.project, arguments.load), arguments, "conn list");
}

int conn_test_command(const Arguments& arguments) {
  const auto name = arguments.targets.empty() ? std::string() : arguments.targets.front();
  return tell(app::test_connections(arguments.project, name, arguments.load), arguments,
              "conn test");
}

int conn_discover_command(const Arguments& arguments) {
  const auto& targets = arguments.targets;
  const auto node = targets.size() > 1 ? targets[1] : std::string();
  const auto found = app::discover(targets.front(), node, arguments.load);
  if (!found.ok()) return report_error(found.error(), arguments.output, "conn discover");
  json list = json::array();
  for (const auto& one : *found) {
    list.push_back(json_of(one));
    if (!arguments.output.json) print(text_of(one, arguments.output));
  }
  if (arguments.output.json) {
    print(json{{"schema", "leat.discover/1"}, {"ok", true}, {"sources", list}}.dump());
  }
  return 0;
}

}  // namespace leat::cli
