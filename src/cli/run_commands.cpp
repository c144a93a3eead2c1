#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "app/interval_runs.hpp"
#include "app/run.hpp"
#include "app/version.hpp"
#include "base/names.hpp"
#include "base/counted.hpp"
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

/// Each id is a decision of its own.
int refuse_more(const Arguments& arguments, const char* command) {
  const Error error =
      Error(Fault::config,
            "one publish id at a time, and here are " + std::to_string(arguments.targets.size()))
          .hint(std::string("nothing was changed; type `leat ") + command + "` once for each");
  return report_error(error, arguments.output, command);
}

/// The engine reads files of rows, packed ones too; what only a database reads is compared with it.
std::string how_to_look(const app::HeldEntry& held) {
  static constexpr std::array<std::string_view, 3> kRead{".parquet", ".csv", ".ndjson"};
  auto name = held.rows.filename();
  if (name.extension() == ".gz" || name.extension() == ".zst") name = name.stem();
  if (std::find(kRead.begin(), kRead.end(), name.extension().string()) != kRead.end()) {
    return "leat query " + shell_word("FROM " + quote_literal(held.rows.string()));
  }
  return held.rows.string() + "; leat diff " + held.receipt.publish_id.text();
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
          counted(entry.receipt.rows_published, "row"));
    for (const auto& reason : entry.reasons) print("    " + reason);
    print("    rows: " + how_to_look(entry));
  }
  return 0;
}

using Told = std::set<std::string>;

/// What became of one run: its report as JSON or text is printed, or kept in `reports`. Warnings of
/// the plan that were `told` before are not told again.
int run_one(const Arguments& arguments, const app::LoadOptions& load, const app::RunOrder& order,
            json* reports, Told& told) {
  const auto& cancel = watch_signals();
  Progress progress(arguments.output);
  auto events = progress.events();
  events.on_warning = [&told](const Diagnostic& warning) {
    const auto [text, is_new] = told.insert(warning_text(warning));
    if (is_new) say(*text);
  };
  auto report = app::run_pipeline(order.file, load, order.sinks, cancel, events);
  progress.clear();
  if (!report.ok()) {
    auto output = arguments.output;
    output.json = output.json && reports == nullptr;
    const int code = report_error(report.error(), output, "run");
    if (reports) {
      reports->push_back({{"pipeline", order.file.stem().string()},
                          {"ok", false},
                          {"exit", code},
                          {"error", report.error().text()}});
    }
    return code;
  }
  if (reports) {
    reports->push_back(json::parse(app::to_json(*report), nullptr, false));
  } else {
    print(arguments.output.json ? app::to_json(*report) : summarize(*report, arguments.output));
  }
  return report->exit_code;
}

/// 0 when all went well, 4 when some did and some did not.
int code_of_all(const std::vector<int>& codes) {
  int worst = 0;
  bool one_is_good = false;
  for (const int code : codes) {
    if (code == 0 || code == 4) one_is_good = true;
    if (worst == 0) worst = code;
  }
  return worst != 0 && one_is_good ? 4 : worst;
}

/// Several runs, told as one.
int tell_all(const Arguments& arguments, const std::vector<int>& codes, json reports) {
  const int code = interrupted_code() != 0 ? interrupted_code() : code_of_all(codes);
  if (arguments.output.json) {
    const json object{{"schema", "leat.run_several/1"},
                      {"ok", code == 0},
                      {"exit", code},
                      {"runs", std::move(reports)}};
    print(json_text(object));
  }
  return code;
}

/// Interval after interval, oldest first, until one does not go through.
int run_intervals(const Arguments& arguments, const app::IntervalRuns& runs) {
  json reports = json::array();
  std::vector<int> codes;
  Told told;
  for (const auto& run : runs.runs) {
    if (!codes.empty() && !arguments.output.json) print("");
    auto load = arguments.load;
    load.interval = run.interval;
    const bool is_alone = runs.runs.size() == 1;
    const bool is_kept = arguments.output.json && !is_alone;
    codes.push_back(run_one(arguments, load, run.order, is_kept ? &reports : nullptr, told));
    if (is_alone) return codes.front();
    if (interrupted_code() != 0 || codes.back() != 0) break;
  }
  if (codes.empty() && !arguments.output.json) {
    say("no interval is due: " + format_count(runs.published) + " are published, up to " +
        runs.until);
  }
  return tell_all(arguments, codes, std::move(reports));
}

/// One pipeline: its intervals, where it has some.
int run_pipeline(const Arguments& arguments, const app::RunOrder& order) {
  const app::IntervalChoice choice{arguments.from, arguments.to, arguments.all,
                                   arguments.only_missing};
  const auto runs = app::interval_runs(order, arguments.load, choice);
  if (!runs.ok()) return report_error(runs.error(), arguments.output, "run");
  if (*runs) return run_intervals(arguments, **runs);
  Told told;
  return run_one(arguments, arguments.load, order, nullptr, told);
}

/// One pipeline after the other; an interrupt ends them all.
int run_several(const Arguments& arguments, const std::vector<app::RunOrder>& orders) {
  json reports = json::array();
  std::vector<int> codes;
  Told told;
  for (const auto& order : orders) {
    if (!codes.empty() && !arguments.output.json) print("");
    codes.push_back(run_one(arguments, arguments.load, order,
                            arguments.output.json ? &reports : nullptr, told));
    if (interrupted_code() != 0) break;
  }
  return tell_all(arguments, codes, std::move(reports));
}

}  // namespace

std::vector<std::filesystem::path> places(const Arguments& arguments) {
  std::vector<std::filesystem::path> out(arguments.targets.begin(), arguments.targets.end());
  if (out.empty()) out.emplace_back(".");
  return out;
}

int run_command(const Arguments& arguments) {
  if (!arguments.selectors.any() && arguments.targets.size() < 2) {
    return run_pipeline(arguments, {first_target(arguments), {}});
  }
  const auto orders = app::select_runs(places(arguments), arguments.load, arguments.selectors);
  if (!orders.ok()) return report_error(orders.error(), arguments.output, "run");
  if (orders->size() == 1) return run_pipeline(arguments, orders->front());
  return run_several(arguments, *orders);
}

int publish_command(const Arguments& arguments) {
  if (arguments.targets.empty()) return list_held(arguments);
  if (arguments.targets.size() > 1) return refuse_more(arguments, "publish");
  const auto done = app::publish_held(arguments.project, first_target(arguments), arguments.load);
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
    print(arguments.output.green("published") + " " + counted(done->receipt.rows_published, "row") +
          " to " + done->place + "\n    receipt " + id + "\n    look: " + done->how_to_look);
  }
  return 0;
}

int discard_command(const Arguments& arguments) {
  if (arguments.targets.size() > 1) return refuse_more(arguments, "discard");
  const auto gone = app::discard_held(arguments.project, first_target(arguments));
  if (!gone.ok()) return report_error(gone.error(), arguments.output, "discard");
  warn(gone->warning);
  if (arguments.output.json) {
    auto object = held_json(*gone);
    object["schema"] = "leat.discard/1";
    object["ok"] = true;
    print(object.dump());
  } else {
    print("discarded " + counted(gone->receipt.rows_published, "held row") + " of sink " +
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
