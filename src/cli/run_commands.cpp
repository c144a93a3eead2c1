#include <nlohmann/json.hpp>

#include "app/run.hpp"
#include "app/version.hpp"
#include "base/names.hpp"
#include "base/quantity.hpp"
#include "base/shell_word.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/summary.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

std::string first_target(const Arguments& arguments) {
  return arguments.targets.empty() ? "." : arguments.targets.front();
}

json held_json(const app::HeldEntry& held) {
  return {{"publish_id", held.receipt.publish_id.text()},
          {"pipeline", held.receipt.lane.pipeline},
          {"sink", held.receipt.lane.sink},
          {"rows", held.receipt.rows_published},
          {"reasons", held.reasons},
          {"file", held.rows.string()}};
}

int list_held(const Arguments& arguments) {
  const auto held = app::list_held(arguments.project);
  if (!held.ok()) return report_error(held.error(), arguments.output, "publish");
  if (arguments.output.json) {
    json object{{"schema", "leat.held/1"}, {"ok", true}, {"held", json::array()}};
    for (const auto& entry : *held) object["held"].push_back(held_json(entry));
    print(object.dump());
    return 0;
  }
  if (held->empty()) say("nothing is held");
  for (const auto& entry : *held) {
    print(arguments.output.bold(entry.receipt.publish_id.text()) + "  " +
          entry.receipt.lane.pipeline + "  sink " + entry.receipt.lane.sink + "  " +
          format_count(entry.receipt.rows_published) + " rows");
    for (const auto& reason : entry.reasons) print("    " + reason);
    print("    rows: leat query " + shell_word("FROM " + quote_literal(entry.rows.string())));
  }
  return 0;
}

}  // namespace

int run_command(const Arguments& arguments) {
  const auto& cancel = watch_signals();
  Progress progress(arguments.output);
  auto report =
      app::run_pipeline(first_target(arguments), arguments.load, cancel, progress.events());
  progress.clear();
  if (!report.ok()) return report_error(report.error(), arguments.output, "run");
  print(arguments.output.json ? app::to_json(*report) : summarize(*report, arguments.output));
  return report->exit_code;
}

int publish_command(const Arguments& arguments) {
  if (arguments.targets.empty()) return list_held(arguments);
  const auto done = app::publish_held(arguments.project, first_target(arguments));
  if (!done.ok()) return report_error(done.error(), arguments.output, "publish");
  warn(done->warning);
  const auto id = done->receipt.publish_id.text();
  if (arguments.output.json) {
    print(json{{"schema", "leat.publish/1"},
               {"ok", true},
               {"publish_id", id},
               {"rows", done->receipt.rows_published},
               {"place", done->place}}
              .dump());
  } else {
    print(arguments.output.green("published") + " " + format_count(done->receipt.rows_published) +
          " rows to " + done->place + "\n    receipt " + id + "\n    look: " + done->how_to_look);
  }
  return 0;
}

int discard_command(const Arguments& arguments) {
  const auto gone = app::discard_held(arguments.project, first_target(arguments));
  if (!gone.ok()) return report_error(gone.error(), arguments.output, "discard");
  warn(gone->warning);
  if (arguments.output.json) {
    auto object = held_json(*gone);
    object["schema"] = "leat.discard/1";
    object["ok"] = true;
    print(object.dump());
  } else {
    print("discarded " + format_count(gone->receipt.rows_published) + " held rows of sink " +
          gone->receipt.lane.sink + "; its target is unchanged");
  }
  return 0;
}

int version_command(const Arguments& arguments) {
  if (arguments.output.json) {
    print("{\"schema\":\"leat.version/1\",\"ok\":true,\"version\":\"" + app::version() + "\"}");
  } else {
    print("leat " + app::version());
  }
  return 0;
}

}  // namespace leat::cli
