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

/// The runs of one command: of one pipeline or of several, of their intervals where they have some.
class CommandRuns {
 public:
  /// `is_one`: no other pipeline follows, so a run that has no other beside it is told by itself.
  CommandRuns(const Arguments& arguments, bool is_one) : x_arguments(arguments), x_is_one(is_one) {}

  void pipeline(const app::RunOrder& order) {
    auto load = x_arguments.load;
    load.tries_until = &watch_signals();
    if (!x_is_one) {  // Then `--all` and the like are for those that have intervals.
      const auto has_some = app::has_intervals(order.file, load);
      if (!has_some.ok()) return note_error(order, has_some.error(), false);
      if (!*has_some) return run(load, order, false);
    }
    const app::IntervalChoice choice{x_arguments.from, x_arguments.to, x_arguments.all,
                                     x_arguments.only_missing};
    const auto runs = app::next_interval_runs(order, load, choice);
    if (!runs.ok()) return note_error(order, runs.error(), x_is_one);
    if (!*runs) return run(load, order, x_is_one);
    intervals(**runs);
  }

  int end() {
    if (x_is_told) return x_codes.front();
    const int code = interrupted_code() != 0 ? interrupted_code() : code_of_all(x_codes);
    if (x_arguments.output.json) {
      const json object{{"schema", "leat.run_several/1"},
                        {"ok", code == 0},
                        {"exit", code},
                        {"runs", std::move(x_reports)}};
      print(json_text(object));
    }
    return code;
  }

 private:
  /// Oldest first, until one does not go through.
  void intervals(const app::IntervalRuns& runs) {
    for (const auto& one : runs.runs) {
      auto load = x_arguments.load;
      load.interval = one.interval;
      load.only_missing = one.only_missing;
      run(load, one.order, x_is_one && runs.runs.size() == 1);
      if (interrupted_code() != 0 || x_codes.back() != 0) return;
    }
    if (runs.runs.empty() && !x_arguments.output.json) {
      say("no interval is due: " + format_count(runs.published) + " are published, up to " +
          runs.until);
    }
  }

  /// Warnings of the plan that were told before are not told again.
  void run(const app::LoadOptions& load, const app::RunOrder& order, bool is_alone) {
    if (!x_codes.empty() && !x_arguments.output.json) print("");
    const auto& cancel = watch_signals();
    Progress progress(x_arguments.output);
    auto events = progress.events();
    events.on_warning = [this](const Diagnostic& warning) {
      const auto [text, is_new] = x_told.insert(warning_text(warning));
      if (is_new) say(*text);
    };
    auto report = app::run_pipeline(order.file, load, order.sinks, cancel, events);
    progress.clear();
    if (!report.ok()) return note_error(order, report.error(), is_alone);
    if (!x_arguments.output.json) {
      print(summarize(*report, x_arguments.output));
    } else if (is_alone) {
      print(app::to_json(*report));
    } else {
      x_reports.push_back(json::parse(app::to_json(*report), nullptr, false));
    }
    note(report->exit_code, is_alone);
  }

  void note_error(const app::RunOrder& order, const Error& error, bool is_alone) {
    auto output = x_arguments.output;
    output.json = output.json && is_alone;
    const int code = report_error(error, output, "run");
    if (x_arguments.output.json && !is_alone) {
      x_reports.push_back({{"pipeline", order.file.stem().string()},
                           {"ok", false},
                           {"exit", code},
                           {"error", error.text()}});
    }
    note(code, is_alone);
  }

  void note(int code, bool is_alone) {
    x_codes.push_back(code);
    x_is_told = is_alone;
  }

  const Arguments& x_arguments;
  const bool x_is_one;
  std::set<std::string> x_told;
  std::vector<int> x_codes;
  json x_reports = json::array();
  bool x_is_told = false;  ///< As the only one.
};

/// One pipeline after the other; an interrupt ends them all.
int run_all(const Arguments& arguments, const std::vector<app::RunOrder>& orders) {
  CommandRuns runs(arguments, orders.size() == 1);
  for (const auto& order : orders) {
    runs.pipeline(order);
    if (interrupted_code() != 0) break;
  }
  return runs.end();
}

}  // namespace

std::vector<std::filesystem::path> places(const Arguments& arguments) {
  std::vector<std::filesystem::path> out(arguments.targets.begin(), arguments.targets.end());
  if (out.empty()) out.emplace_back(".");
  return out;
}

int run_command(const Arguments& arguments) {
  if (!arguments.selectors.any() && arguments.targets.size() < 2) {
    return run_all(arguments, {{first_target(arguments), {}}});
  }
  const auto orders = app::select_runs(places(arguments), arguments.load, arguments.selectors);
  if (!orders.ok()) return report_error(orders.error(), arguments.output, "run");
  return run_all(arguments, *orders);
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
