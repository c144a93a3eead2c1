#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/decide_rows.hpp"
#include "app/expire_quarantine.hpp"
#include "app/quarantine.hpp"
#include "app/replay.hpp"
#include "app/run.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/rows_text.hpp"
#include "cli/summary.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kExampleBytes = 48;

std::string rows_of(std::uint64_t count) { return counted(count, "row"); }

std::string seconds(Instant instant) { return format_instant(instant).substr(0, 19) + "Z"; }

void print_bad_row(const engine::TextRow& row, const Output& output) {
  const auto cell = [&](std::size_t i) { return row[i].value_or(""); };
  std::string place = row[1] ? cell(1) : cell(0);
  if (row[3]) place += ":" + cell(3);
  if (row[2]) place += "  record " + cell(2);
  if (row[4]) place += "  byte " + cell(4);
  print(output.bold(place));
  print("    " + output.yellow(printable(cell(6))));
  print("    " + output.dim(printable(cell(7))));
  if (row[8]) print("    " + output.green("patched ") + printable(cell(8)));
}

json segments_json(const std::vector<app::SegmentEntry>& segments) {
  auto list = json::array();
  for (const auto& segment : segments) {
    list.push_back({{"pipeline", segment.pipeline},
                    {"dataset", segment.dataset},
                    {"publish_id", segment.publish_id},
                    {"rows", segment.rows},
                    {"status", segment.status},
                    {"checks", segment.checks},
                    {"file", segment.path.string()}});
  }
  return list;
}

json rules_json(const std::vector<app::RuleEntry>& rules) {
  auto list = json::array();
  for (const auto& rule : rules) {
    list.push_back({{"pipeline", rule.pipeline},
                    {"dataset", rule.dataset},
                    {"rule", rule.rule},
                    {"rows", rule.rows},
                    {"first_seen", format_instant(rule.first_seen)},
                    {"last_seen", format_instant(rule.last_seen)},
                    {"example", rule.example}});
    if (rule.expires_at) list.back()["expires_at"] = format_instant(*rule.expires_at);
  }
  return list;
}

void print_segments(const std::vector<app::SegmentEntry>& segments, const Output& output) {
  Rows rows{{"pipeline", "dataset", "rows", "status", "failed checks", "publish"}};
  for (const auto& segment : segments) {
    std::string checks;
    for (const auto& [check, count] : segment.checks) {
      checks += (checks.empty() ? "" : ", ") + check + " " + format_count(count);
    }
    rows.push_back({segment.pipeline, segment.dataset, format_count(segment.rows), segment.status,
                    checks, segment.publish_id});
  }
  print(table(rows, output));
  const bool is_lost = std::any_of(segments.begin(), segments.end(),
                                   [](const auto& segment) { return segment.status == "unknown"; });
  if (is_lost) {
    print(
        "unknown: the history does not know this publish; the next run asks the ledger of its "
        "target\n");
  }
}

void print_rules(const std::vector<app::RuleEntry>& rules, const Output& output) {
  if (rules.empty()) return;
  const bool expires = rules.front().expires_at.has_value();
  Rows rows{{"dataset", "rule", "rows", "first seen", "last seen", "for example"}};
  if (expires) rows.front().insert(rows.front().begin() + 5, "let go from");
  for (const auto& rule : rules) {
    auto example = printable(rule.example);
    if (example.size() > kExampleBytes) example = example.substr(0, kExampleBytes) + "…";
    rows.push_back({rule.pipeline + "." + rule.dataset, rule.rule, format_count(rule.rows),
                    seconds(rule.first_seen), seconds(rule.last_seen), example});
    if (expires) rows.back().insert(rows.back().begin() + 5, seconds(*rule.expires_at));
  }
  print("\n" + table(rows, output));
}

json ways_json(const std::vector<app::OtherWay>& ways) {
  auto list = json::array();
  for (const auto& way : ways) list.push_back({{"sink", way.sink}, {"why", way.why}});
  return list;
}

json replay_json(const app::ReplayReport& report) {
  json object{{"pipeline", report.pipeline},
              {"dataset", report.dataset},
              {"sinks", json::array()},
              {"again", ways_json(report.again)},
              {"refused", ways_json(report.refused)},
              {"exit", report.exit_code}};
  if (report.rows) {
    for (const auto& sink : report.rows->sinks) {
      object["sinks"].push_back({{"sink", sink.sink},
                                 {"rows", sink.rows},
                                 {"failed_again", sink.failed_again},
                                 {"patched", sink.patched},
                                 {"left", sink.left}});
    }
    object["report"] = json::parse(app::to_json(report.rows->report), nullptr, false);
  }
  if (report.run) object["run"] = json::parse(app::to_json(*report.run), nullptr, false);
  return object;
}

void print_replay(const app::ReplayReport& report, const Output& output) {
  const auto name = output.bold(report.pipeline + "." + report.dataset);
  bool says_more = report.rows && report.rows->report.exit_code != 0;
  for (const auto& sink : report.rows ? report.rows->sinks : std::vector<run::SinkReplay>()) {
    says_more = says_more || sink.rows > 0 || sink.failed_again > 0;
    std::string line = name + ": ";
    line += sink.rows == 0 ? "no row came back to sink " + sink.sink
                           : rows_of(sink.rows) + " came back to sink " + sink.sink;
    if (sink.failed_again > 0) line += ", " + format_count(sink.failed_again) + " failed again";
    if (sink.patched > 0) line += ", " + format_count(sink.patched) + " of them patched";
    print(line);
    for (const auto& [why, count] : sink.left) {
      print("    " + rows_of(count) + (count == 1 ? " stays" : " stay") + " in quarantine: " + why);
    }
  }
  for (const auto& way : report.again) {
    print(name + ": " + way.why + "; so all is read again for sink " + way.sink);
  }
  for (const auto& way : report.refused) {
    print(name + ": " + output.yellow("nothing came back") + " to sink " + way.sink + ": " +
          way.why);
  }
  if (report.rows && says_more) print("\n" + summarize(report.rows->report, output));
  if (report.run) print("\n" + summarize(*report.run, output));
}

app::RowsMeant meant_by(const Arguments& arguments) {
  return {arguments.targets.front(), arguments.rule, arguments.where};
}

std::string csv_cell(const std::optional<std::string>& cell) {
  if (!cell) return "";
  if (!cell->empty() && cell->find_first_of(",\"\r\n") == std::string::npos) return *cell;
  std::string quoted = "\"";
  for (const char c : *cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

/// Null is nothing, an empty text is quoted.
void print_csv(const engine::TextTable& found) {
  std::string line;
  for (const auto& column : found.schema.columns) {
    line += (line.empty() ? "" : ",") + csv_cell(column.name);
  }
  print(line);
  for (const auto& row : found.rows) {
    line.clear();
    for (std::size_t i = 0; i < row.size(); ++i) line += (i ? "," : "") + csv_cell(row[i]);
    print(line);
  }
}

void print_ndjson(const engine::TextTable& found) {
  for (const auto& row : found.rows) {
    nlohmann::ordered_json object;
    for (std::size_t i = 0; i < row.size(); ++i) {
      auto& cell = object[found.schema.columns[i].name];
      if (row[i]) cell = *row[i];
    }
    print(object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  }
}

/// Rows with each column by itself, for people to edit.
int show_to_edit(const Arguments& arguments) {
  const auto found =
      app::rows_to_edit(arguments.project, arguments.load, meant_by(arguments), arguments.limit);
  if (!found.ok()) return report_error(found.error(), arguments.output, "quarantine");
  arguments.format == "csv" ? print_csv(*found) : print_ndjson(*found);
  return 0;
}

int report_decided(const Arguments& arguments, const Result<app::RowsDecided>& decided,
                   const char* what) {
  if (!decided.ok()) return report_error(decided.error(), arguments.output, "quarantine");
  if (arguments.output.json) {
    print(json_text(json{{"schema", "leat.quarantine_act/1"},
                         {"ok", true},
                         {"act", what},
                         {"pipeline", decided->pipeline},
                         {"dataset", decided->dataset},
                         {"rows", decided->rows}}));
    return 0;
  }
  const auto name = decided->pipeline + "." + decided->dataset;
  print(what + (" " + rows_of(decided->rows)) + " of " + arguments.output.bold(name));
  return 0;
}

/// Nothing comes back from a drop, so a person says yes first.
bool says_yes(const app::RowsDecided& meant, const std::string& reason) {
  if (::isatty(0) == 0) return false;
  say("drop " + rows_of(meant.rows) + " of " + meant.pipeline + "." + meant.dataset + " (" +
      reason + ")? [y/N]");
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

/// "column = expression"
Result<std::vector<std::pair<std::string, std::string>>> settings_of(
    const std::vector<std::string>& typed) {
  const auto trimmed = [](const std::string& text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string::npos) return std::string();
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
  };
  std::vector<std::pair<std::string, std::string>> settings;
  for (const auto& text : typed) {
    const auto equals = text.find('=');
    const auto column = trimmed(text.substr(0, equals));
    const auto value = equals == std::string::npos ? "" : trimmed(text.substr(equals + 1));
    if (column.empty() || value.empty()) {
      return Error(Fault::config, "--set needs column = expression, not `" + text + "`")
          .hint("for example: --set \"price = abs(price)\"");
    }
    settings.emplace_back(column, value);
  }
  return settings;
}

/// 0 when all went well, 4 when some did and some did not.
int code_of_replays(const std::vector<app::ReplayReport>& reports) {
  int worst = 0;
  bool one_is_good = false;
  for (const auto& report : reports) {
    one_is_good = one_is_good || report.exit_code == 0 || report.exit_code == 4;
    if (worst == 0) worst = report.exit_code;
  }
  return worst != 0 && one_is_good ? 4 : worst;
}

}  // namespace

int quarantine_list_command(const Arguments& arguments) {
  const auto segments = app::list_quarantine(arguments.project, arguments.all);
  if (!segments.ok()) return report_error(segments.error(), arguments.output, "quarantine");
  const auto rules = app::list_rules(arguments.project);
  if (!rules.ok()) return report_error(rules.error(), arguments.output, "quarantine");
  if (arguments.output.json) {
    print(json_text(json{{"schema", "leat.quarantine/1"},
                         {"ok", true},
                         {"segments", segments_json(*segments)},
                         {"rules", rules_json(*rules)}}));
    return 0;
  }
  if (segments->empty()) {
    say("the quarantine is empty");
    return 0;
  }
  print_segments(*segments, arguments.output);
  print_rules(*rules, arguments.output);
  say("look: leat quarantine show " + segments->back().dataset);
  return 0;
}

int quarantine_show_command(const Arguments& arguments) {
  if (arguments.format == "csv" || arguments.format == "ndjson") return show_to_edit(arguments);
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

int quarantine_replay_command(const Arguments& arguments) {
  const auto& cancel = watch_signals();
  Progress progress(arguments.output);
  const app::ReplayOrder order{arguments.targets.front(), arguments.rule, arguments.alone,
                               arguments.late};
  const auto reports =
      app::replay_quarantine(arguments.project, arguments.load, order, cancel, progress.events());
  progress.clear();
  if (!reports.ok()) return report_error(reports.error(), arguments.output, "quarantine");
  const int code = code_of_replays(*reports);
  if (arguments.output.json) {
    json object{{"schema", "leat.replay/1"}, {"ok", code == 0}, {"exit", code}};
    object["replays"] = json::array();
    for (const auto& report : *reports) object["replays"].push_back(replay_json(report));
    print(json_text(object));
    return code;
  }
  for (const auto& report : *reports) print_replay(report, arguments.output);
  return code;
}

int quarantine_patch_command(const Arguments& arguments) {
  const auto settings = settings_of(arguments.set);
  if (!settings.ok()) return report_error(settings.error(), arguments.output, "quarantine");
  if (settings->empty() == arguments.from.empty()) {
    const auto error = Error(Fault::config, "rows are patched by --set, or --from an edited file")
                           .hint("nothing was changed; `leat quarantine show " +
                                 arguments.targets.front() + " -o csv` writes a file to edit");
    return report_error(error, arguments.output, "quarantine");
  }
  return report_decided(arguments,
                        app::patch_quarantine(arguments.project, arguments.load,
                                              meant_by(arguments), *settings, arguments.from),
                        "patched");
}

int quarantine_drop_command(const Arguments& arguments) {
  if (!arguments.yes) {
    const auto meant =
        app::count_quarantine(arguments.project, arguments.load, meant_by(arguments));
    if (!meant.ok()) return report_error(meant.error(), arguments.output, "quarantine");
    if (!says_yes(*meant, arguments.reason)) {
      const auto error = Error(Fault::config, "nobody said that " + rows_of(meant->rows) + " of " +
                                                  meant->dataset + " may be dropped")
                             .refused()
                             .hint("nothing was changed; --yes says so");
      return report_error(error, arguments.output, "quarantine");
    }
  }
  return report_decided(arguments,
                        app::drop_quarantine(arguments.project, arguments.load, meant_by(arguments),
                                             arguments.reason),
                        "dropped");
}

int quarantine_expire_command(const Arguments& arguments) {
  auto age = app::quarantine_age(arguments.project);
  if (!arguments.age.empty()) {
    const auto typed = parse_duration(arguments.age);
    if (!typed.ok()) return report_error(typed.error(), arguments.output, "quarantine");
    age = std::chrono::duration_cast<std::chrono::milliseconds>(*typed);
  }
  if (!age) {
    const auto error = Error(Fault::config, "nothing says how long rows stay in quarantine")
                           .hint(
                               "nothing was changed; `--age 180d`, or in leat.yml `retention: "
                               "{quarantine: 180d}`");
    return report_error(error, arguments.output, "quarantine");
  }
  const auto expired = app::expire_quarantine(arguments.project, "", *age, arguments.dry_run);
  if (!expired.ok()) return report_error(expired.error(), arguments.output, "quarantine");
  if (arguments.output.json) {
    json object{{"schema", "leat.quarantine_expired/1"}, {"ok", true}, {"expired", json::array()}};
    for (const auto& one : *expired) {
      object["expired"].push_back({{"pipeline", one.pipeline},
                                   {"dataset", one.dataset},
                                   {"segments", one.segments},
                                   {"rows", one.rows}});
    }
    print(json_text(object));
    return 0;
  }
  if (expired->empty()) print("nothing in quarantine is that old");
  for (const auto& one : *expired) {
    print(arguments.output.bold(one.pipeline + "." + one.dataset) + ": " +
          (arguments.dry_run ? "would let go of " : "let go of ") + rows_of(one.rows) +
          " that waited, in " + format_count(one.segments) +
          (one.segments == 1 ? " segment" : " segments"));
  }
  return 0;
}

}  // namespace leat::cli
