#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/doctor.hpp"
#include "app/history.hpp"
#include "app/quarantine.hpp"
#include "app/query.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"
#include "cli/rows_text.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

void print_bad_row(const engine::TextRow& row, const Output& output) {
  const auto cell = [&](std::size_t i) { return row[i].value_or(""); };
  std::string place = row[1] ? cell(1) : cell(0);
  if (row[3]) place += ":" + cell(3);
  if (row[2]) place += "  record " + cell(2);
  if (row[4]) place += "  byte " + cell(4);
  print(output.bold(place));
  print("    " + output.yellow(printable(cell(6))));
  print("    " + output.dim(printable(cell(7))));
}

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
    say(format_count(found->rows.size()) + (found->rows.size() == 1 ? " row" : " rows"));
  }
  return 0;
}

int quarantine_list_command(const Arguments& arguments) {
  const auto segments = app::list_quarantine(arguments.project, arguments.all);
  if (!segments.ok()) return report_error(segments.error(), arguments.output, "quarantine");
  if (arguments.output.json) {
    json object{{"schema", "leat.quarantine/1"}, {"ok", true}, {"segments", json::array()}};
    for (const auto& segment : *segments) {
      object["segments"].push_back({{"pipeline", segment.pipeline},
                                    {"dataset", segment.dataset},
                                    {"publish_id", segment.publish_id},
                                    {"rows", segment.rows},
                                    {"status", segment.status},
                                    {"checks", segment.checks},
                                    {"file", segment.path.string()}});
    }
    print(json_text(object));
    return 0;
  }
  if (segments->empty()) {
    say("the quarantine is empty");
    return 0;
  }
  Rows rows{{"pipeline", "dataset", "rows", "status", "failed checks", "publish"}};
  for (const auto& segment : *segments) {
    std::string checks;
    for (const auto& [check, count] : segment.checks) {
      checks += (checks.empty() ? "" : ", ") + check + " " + format_count(count);
    }
    rows.push_back({segment.pipeline, segment.dataset, format_count(segment.rows), segment.status,
                    checks, segment.publish_id});
  }
  print(table(rows, arguments.output));
  say("look: leat quarantine show " + segments->back().dataset);
  return 0;
}

int quarantine_show_command(const Arguments& arguments) {
  const auto found =
      app::show_quarantine(arguments.project, arguments.targets.front(), arguments.limit);
  if (!found.ok()) return report_error(found.error(), arguments.output, "quarantine");
  if (arguments.output.json) {
    auto object = rows_json(found->table);
    object["schema"] = "leat.quarantine_rows/1";
    object["ok"] = true;
    object["total"] = found->rows;
    print(json_text(object));
    return 0;
  }
  for (const auto& row : found->table.rows) print_bad_row(row, arguments.output);
  if (found->rows > found->table.rows.size()) {
    say("shown " + format_count(found->table.rows.size()) + " of " + format_count(found->rows) +
        "; --limit shows more");
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
