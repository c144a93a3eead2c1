#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "app/diff_pipeline.hpp"
#include "app/run.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

json side_json(const ColumnShift::Side& side) {
  return {{"nulls", side.nulls}, {"mean", side.mean.empty() ? json() : json(side.mean)}};
}

/// What a difference is, beside what is there already.
void add_difference(json& object, const Difference& difference) {
  object["before"] = difference.before;
  object["added"] = difference.added;
  object["removed"] = difference.removed;
  object["changed"] = difference.changed;
  object["by_key"] = difference.is_by_key;
  object["columns"] = json::array();
  for (const auto& shift : difference.shifts) {
    object["columns"].push_back({{"column", shift.column},
                                 {"before", side_json(shift.before)},
                                 {"after", side_json(shift.after)}});
  }
}

json change_json(const app::HeldChange& change) {
  json object{{"publish_id", change.held.receipt.publish_id.text()},
              {"pipeline", change.held.receipt.lane.pipeline},
              {"sink", change.held.receipt.lane.sink},
              {"place", change.place},
              {"reasons", change.held.reasons}};
  add_difference(object, change.difference);
  return object;
}

json would_json(const app::RunChange& change, const run::WouldPublish& would) {
  json object{{"sink", would.sink},
              {"place", would.place},
              {"rows", would.rows},
              {"reasons", would.reasons}};
  if (!change.interval.empty()) object["interval"] = change.interval;
  if (would.difference) {
    add_difference(object, *would.difference);
  } else {
    object["why_not"] = would.why_not;
  }
  return object;
}

/// A mean of doubles is another one in its last digits where the rows come in another order.
bool has_moved(const ColumnShift::Side& before, const ColumnShift::Side& after) {
  constexpr double kSameWithin = 1e-9;
  if (before.nulls != after.nulls || before.mean.empty() != after.mean.empty()) return true;
  if (before.mean == after.mean) return false;
  const double from = std::strtod(before.mean.c_str(), nullptr);
  const double to = std::strtod(after.mean.c_str(), nullptr);
  return !(std::abs(to - from) <= kSameWithin * std::max(std::abs(from), std::abs(to)));
}

std::string shown(const ColumnShift& shift) {
  const auto value = [](const std::string& mean) { return mean.empty() ? "none" : mean; };
  return "    " + shift.column + ": mean " + value(shift.before.mean) + " -> " +
         value(shift.after.mean) + ", nulls " + format_count(shift.before.nulls) + " -> " +
         format_count(shift.after.nulls);
}

void tell(const Difference& difference) {
  print("    " + counted(difference.before, "row") + " there: " + format_count(difference.added) +
        " added, " + format_count(difference.removed) + " removed, " +
        format_count(difference.changed) + " changed" +
        (difference.is_by_key ? "" : " (whole rows, no key)"));
  for (const auto& shift : difference.shifts) {
    if (has_moved(shift.before, shift.after)) print(shown(shift));
  }
}

void tell(const Arguments& arguments, const app::HeldChange& change) {
  print(arguments.output.bold(change.held.receipt.publish_id.text()) + "  " + change.place);
  for (const auto& reason : change.held.reasons) print("    held: " + reason);
  tell(change.difference);
}

void tell(const Arguments& arguments, const app::RunChange& run) {
  if (run.sinks.empty()) say("nothing is new");
  for (const auto& would : run.sinks) {
    print(arguments.output.bold(would.sink) + "  " + would.place +
          (run.interval.empty() ? "" : "  " + run.interval) + ": " + counted(would.rows, "row") +
          " would be published");
    for (const auto& reason : would.reasons) print("    not without you: " + reason);
    if (would.difference) {
      tell(*would.difference);
    } else {
      print("    " + would.why_not);
    }
  }
}

/// A pipeline rather than the beginning of a publish id.
bool is_pipeline(const std::string& target) {
  return target.find_first_not_of("0123456789abcdefABCDEF-") != std::string::npos;
}

int diff_pipeline(const Arguments& arguments) {
  const app::IntervalChoice choice{arguments.from, arguments.to, false, false};
  const auto runs = app::diff_pipeline(arguments.targets.front(), arguments.load, choice);
  if (!runs.ok()) return report_error(runs.error(), arguments.output, "diff");
  json object{{"schema", "leat.diff/1"}, {"ok", true}, {"would", json::array()}};
  for (const auto& run : *runs) {
    if (!arguments.output.json) tell(arguments, run);
    for (const auto& would : run.sinks) object["would"].push_back(would_json(run, would));
  }
  if (arguments.output.json) print(object.dump());
  if (runs->empty() && !arguments.output.json) say("no interval is due");
  return 0;
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
  if (arguments.targets.size() == 1 && is_pipeline(arguments.targets.front())) {
    return diff_pipeline(arguments);
  }
  const auto ids = wanted(arguments);
  if (!ids.ok()) return report_error(ids.error(), arguments.output, "diff");
  json object{{"schema", "leat.diff/1"}, {"ok", true}, {"held", json::array()}};
  for (const auto& id : *ids) {
    const auto change = app::diff_held(arguments.project, id, arguments.load);
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
