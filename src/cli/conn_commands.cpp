#include <nlohmann/json.hpp>

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

}  // namespace

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
