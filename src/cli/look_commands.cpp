#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/doctor.hpp"
#include "app/history.hpp"
#include "app/query.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"
#include "cli/rows_text.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

std::string short_time(Instant instant) { return format_instant(instant).substr(0, 19) + "Z"; }

}  // namespace

int query_command(const Arguments& arguments) {
  const auto found = app::query(arguments.targets.front(), {arguments.database, 0});
  if (!found.ok()) return report_error(found.error(), arguments.output, "query");
  if (arguments.output.json) {
    auto object = rows_json(*found);
    object["schema"] = "leat.query/1";
    object["ok"] = true;
    print(json_text(object));
  } else {
    print(rows_text(*found, arguments.output));
    say(counted(found->rows.size(), "row"));
  }
  return 0;
}

namespace {

/// The score in a run's report; null while it runs, and where it read nothing.
json score_of(const state::RunRecord& run) {
  const auto report = json::parse(run.report, nullptr, false);
  if (!report.is_object() || report.value("slices", 0) == 0) return nullptr;
  return report.value("score", json());
}

std::string total_score(const json& score) {
  if (!score.is_object()) return "";
  return score_text(score.value("total", 0.0));
}

}  // namespace

int runs_command(const Arguments& arguments) {
  const auto pipeline = arguments.targets.empty() ? std::string() : arguments.targets.front();
  const auto found = app::runs(arguments.project, pipeline, arguments.limit);
  if (!found.ok()) return report_error(found.error(), arguments.output, "runs");
  json object{{"schema", "leat.runs/1"}, {"ok", true}, {"runs", json::array()}};
  Rows rows{{"run", "pipeline", "status", "started", "took", "exit", "score"}};
  for (const auto& run : *found) {
    const auto took = run.ended_at ? format_duration(*run.ended_at - run.started_at) : "";
    auto score = score_of(run);
    rows.push_back({run.run_id.text(), run.pipeline, run.status, short_time(run.started_at), took,
                    run.ended_at ? std::to_string(run.exit_code) : "", total_score(score)});
    object["runs"].push_back({{"run_id", run.run_id.text()},
                              {"pipeline", run.pipeline},
                              {"status", run.status},
                              {"exit", run.exit_code},
                              {"environment", run.environment},
                              {"started_at", format_instant(run.started_at)},
                              {"score", std::move(score)}});
  }
  print(arguments.output.json ? json_text(object) : table(rows, arguments.output));
  if (found->empty() && !pipeline.empty()) say("`" + pipeline + "` has not run yet");
  return 0;
}

int doctor_command(const Arguments& arguments) {
  bool all_ok = true;
  json object{{"schema", "leat.doctor/1"}, {"findings", json::array()}};
  for (const auto& finding : app::doctor(arguments.project)) {
    all_ok = all_ok && finding.ok;
    object["findings"].push_back({{"what", finding.what},
                                  {"ok", finding.ok},
                                  {"detail", finding.detail},
                                  {"advice", finding.advice}});
    if (arguments.output.json) continue;
    const auto mark = finding.ok ? arguments.output.green("ok  ") : arguments.output.red("bad ");
    print(mark + " " + finding.what + ": " + finding.detail);
    if (!finding.advice.empty()) print("     " + finding.advice);
  }
  object["ok"] = all_ok;
  if (arguments.output.json) print(json_text(object));
  return all_ok ? 0 : 1;
}

}  // namespace leat::cli
