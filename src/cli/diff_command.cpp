#include <nlohmann/json.hpp>

#include "app/run.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

json side_json(const ColumnShift::Side& side) {
  return {{"nulls", side.nulls}, {"mean", side.mean.empty() ? json() : json(side.mean)}};
}

json change_json(const app::HeldChange& change) {
  const auto& difference = change.difference;
  json object{{"publish_id", change.held.receipt.publish_id.text()},
              {"pipeline", change.held.receipt.lane.pipeline},
              {"sink", change.held.receipt.lane.sink},
              {"place", change.place},
              {"reasons", change.held.reasons},
              {"before", difference.before},
              {"added", difference.added},
              {"removed", difference.removed},
              {"changed", difference.changed},
              {"by_key", difference.is_by_key},
              {"columns", json::array()}};
  for (const auto& shift : difference.shifts) {
    object["columns"].push_back({{"column", shift.column},
                                 {"before", side_json(shift.before)},
                                 {"after", side_json(shift.after)}});
  }
  return object;
}

std::string shown(const ColumnShift& shift) {
  const auto value = [](const std::string& mean) { return mean.empty() ? "none" : mean; };
  return "    " + shift.column + ": mean " + value(shift.before.mean) + " -> " +
         value(shift.after.mean) + ", nulls " + format_count(shift.before.nulls) + " -> " +
         format_count(shift.after.nulls);
}

void tell(const Arguments& arguments, const app::HeldChange& change) {
  const auto& difference = change.difference;
  print(arguments.output.bold(change.held.receipt.publish_id.text()) + "  " + change.place);
  for (const auto& reason : change.held.reasons) print("    held: " + reason);
  print("    " + format_count(difference.before) +
        " rows there: " + format_count(difference.added) + " added, " +
        format_count(difference.removed) + " removed, " + format_count(difference.changed) +
        " changed" + (difference.is_by_key ? "" : " (whole rows, no key)"));
  for (const auto& shift : difference.shifts) {
    if (shift.before != shift.after) print(shown(shift));
  }
}

/// Those that were named, or all that wait.
Result<std::vector<std::string>> wanted(const Arguments& arguments) {
  if (!arguments.targets.empty()) return arguments.targets;
  TRY(const auto held, app::list_held(arguments.project));
  std::vector<std::string> ids;
  for (const auto& entry : held) ids.push_back(entry.receipt.publish_id.text());
  return ids;
}

}  // namespace

int diff_command(const Arguments& arguments) {
  const auto ids = wanted(arguments);
  if (!ids.ok()) return report_error(ids.error(), arguments.output, "diff");
  json object{{"schema", "leat.diff/1"}, {"ok", true}, {"held", json::array()}};
  for (const auto& id : *ids) {
    const auto change = app::diff_held(arguments.project, id);
    if (!change.ok()) return report_error(change.error(), arguments.output, "diff");
    warn(change->held.warning);
    if (arguments.output.json) {
      object["held"].push_back(change_json(*change));
    } else {
      tell(arguments, *change);
    }
  }
  if (arguments.output.json) print(object.dump());
  if (ids->empty() && !arguments.output.json) say("nothing is held");
  return 0;
}

}  // namespace leat::cli
