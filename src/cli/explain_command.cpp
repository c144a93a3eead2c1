#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/history.hpp"
#include "app/run.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

std::string text(const json& object, const char* key) { return object.value(key, std::string()); }

std::string count(const json& object, const char* key) {
  return format_count(object.value(key, std::uint64_t(0)));
}

std::string rows_of(const json& object, const char* key) {
  return counted(object.value(key, std::uint64_t(0)), "row");
}

std::string scores_text(const json& score) {
  std::string out = score_text(score.value("total", 0.0));
  const auto by_dimension = score.value("by_dimension", json::object());
  for (const auto& [dimension, value] : by_dimension.items()) {
    out += "  " + dimension + " " + score_text(value.get<double>());
  }
  return out;
}

std::string profile_text(const json& profile) {
  char complete[32];
  std::snprintf(complete, sizeof complete, "%.4g", profile.value("completeness", 100.0));
  const auto valid = profile.contains("valid") ? "valid " + count(profile, "valid") + " of " +
                                                     rows_of(profile, "total") + ", "
                                               : "valid rows not counted, ";
  return "      " + valid + "complete " + complete + "%\n";
}

/// "price in USD: closing price", a line each.
std::string notes_text(const json& columns) {
  std::string out;
  for (const auto& column : columns) {
    const auto units = text(column, "units");
    const auto description = text(column, "description");
    out += "      " + text(column, "name") + (units.empty() ? "" : " in " + units) +
           (description.empty() ? "" : ": " + description) + "\n";
  }
  return out;
}

/// Reports of before it was told have none.
std::string severity_text(const json& check) {
  return check.contains("severity") ? ", severity " + text(check, "severity") : "";
}

CheckOutcome outcome_of(const json& check) {
  CheckOutcome outcome;
  outcome.id = text(check, "id");
  outcome.name = text(check, "name");
  outcome.value = text(check, "value");
  outcome.asked = text(check, "asked");
  outcome.reason = text(check, "reason");
  return outcome;
}

std::string dataset_text(const json& node, const Output& output) {
  std::string out = "  " + output.bold(text(node, "name")) + ": " + rows_of(node, "read") +
                    " came in, " + count(node, "quarantined") + " were set aside, " +
                    (node.value("deduplicated", std::uint64_t(0)) > 0
                         ? count(node, "deduplicated") + " dropped as duplicates, "
                         : "") +
                    count(node, "passed_on") + " went on\n";
  out += notes_text(node.value("columns", json::array()));
  if (node.contains("profile")) out += profile_text(node["profile"]);
  if (node.contains("score")) out += "      score " + scores_text(node["score"]) + "\n";
  for (const auto& check : node.value("checks", json::array())) {
    const auto failed = check.value("failed", std::uint64_t(0));
    const auto verdict = check.value("verdict", std::string("pass"));
    const bool is_clean = failed == 0 && verdict == "pass";
    const auto mark = is_clean ? output.green(verdict) : output.yellow(verdict);
    out += "      " + mark + "  " + label_of(outcome_of(check));
    if (check.contains("value")) {
      out += "  " + measured_text(outcome_of(check));
    } else {
      out += "  " + count(check, "failed") + " of " + rows_of(check, "judged") + " failed";
    }
    out += is_clean ? "\n" : "  → " + text(check, "on_fail") + severity_text(check) + "\n";
    if (check.contains("description")) {
      out += "            " + output.dim(text(check, "description")) + "\n";
    }
  }
  return out;
}

std::string change_text(const json& change) {
  return plan::describe({text(change, "dataset"), text(change, "column"), text(change, "from"),
                         text(change, "to"), text(change, "units_from"), text(change, "units_to")});
}

std::string sink_text(const json& sink, const Output& output) {
  const bool is_held = text(sink, "verdict") == "held" && sink.contains("receipt");
  const auto rows =
      is_held ? rows_of(sink["receipt"], "rows_published") : rows_of(sink, "published");
  std::string out = "  " + output.bold(text(sink, "name")) + ": " + text(sink, "verdict") + ", " +
                    rows + ", " + text(sink, "place") + "\n";
  for (const auto& reason : sink.value("reasons", json::array())) {
    out += "      because " + reason.get<std::string>() + "\n";
  }
  if (!text(sink, "error").empty()) out += "      error: " + text(sink, "error") + "\n";
  if (!sink.contains("receipt")) return out;
  const auto& receipt = sink["receipt"];
  for (const auto& change : receipt.value("schema_changes", json::array())) {
    out += "      columns changed: " + text(change, "dataset") + ": " + change_text(change) + "\n";
  }
  out += "      receipt " + text(receipt, "publish_id") + ", number " +
         std::to_string(receipt.value("counter", 0)) + " of its lane, after " +
         text(receipt, "previous_publish_id") + "\n";
  out += "      read " + count(receipt, "rows_read") + (is_held ? " = held " : " = published ") +
         count(receipt, "rows_published") + " + quarantined " + count(receipt, "rows_quarantined") +
         " + filtered " + count(receipt, "rows_filtered") + " + deduplicated " +
         count(receipt, "rows_deduplicated");
  out += receipt.value("row_wise", true) ? "\n" : "  (a join or aggregate lies between)\n";
  const auto checksum = text(receipt, "checksum");
  return out + "      guarantee " + text(sink, "guarantee") +
         (checksum.empty() ? "" : ", checksum " + checksum) + "\n";
}

/// The last runs of a pipeline that read something, newest first.
std::string history_text(const std::vector<state::RunRecord>& runs) {
  std::string out;
  for (const auto& run : runs) {
    const auto report = json::parse(run.report, nullptr, false);
    if (!report.is_object() || report.value("slices", 0) == 0) continue;
    out += "  " + format_instant(run.started_at).substr(0, 19) + "  " +
           scores_text(report.value("score", json::object())) + "  " + run.status + "\n";
  }
  return out;
}

/// What the pipeline is for, and who answers for it.
std::string about_text(const json& report) {
  if (!report.is_object()) return "";
  const auto owner = text(report, "owner");
  auto out = text(report, "description");
  if (!owner.empty()) out += (out.empty() ? "owner " : "  owner ") + owner;
  return out.empty() ? out : out + "\n";
}

std::string explain(const state::RunRecord& run, const json& report, const std::string& scores,
                    const Output& output) {
  std::string out = output.bold(run.pipeline) + "  " + run.status + "  run " + run.run_id.text() +
                    "\nstarted " + format_instant(run.started_at);
  if (run.ended_at) out += ", took " + format_duration(*run.ended_at - run.started_at);
  out += ", environment " + run.environment + "\n";
  out += about_text(report);
  if (!report.is_object()) {
    return out + "it goes on, or was killed; the next run of the pipeline settles it";
  }
  out += "\nwhat happened to the rows\n";
  for (const auto& node : report.value("nodes", json::array())) out += dataset_text(node, output);
  out += "\nwhat became of the sinks\n";
  for (const auto& sink : report.value("sinks", json::array())) out += sink_text(sink, output);
  if (!scores.empty()) out += "\nscores of the last runs\n" + scores;
  out += "\nSQL as executed\n";
  for (const auto& query : report.value("queries", json::array())) {
    out += query.get<std::string>() + ";\n";
  }
  out.pop_back();
  return out;
}

}  // namespace

int explain_command(const Arguments& arguments) {
  const auto id = arguments.targets.empty() ? std::string("last") : arguments.targets.front();
  const auto run = app::find_run(arguments.project, id);
  if (!run.ok()) return report_error(run.error(), arguments.output, "explain");
  const auto report = json::parse(run->report, nullptr, false);
  if (arguments.output.json) {
    json object{
        {"schema", "leat.explain/1"},   {"ok", true},
        {"run_id", run->run_id.text()}, {"pipeline", run->pipeline},
        {"status", run->status},        {"report", report.is_object() ? report : json(nullptr)}};
    print(json_text(object));
  } else {
    const auto last = app::runs(arguments.project, run->pipeline, 10);
    print(explain(*run, report, last.ok() ? history_text(*last) : "", arguments.output));
  }
  return 0;
}

}  // namespace leat::cli
