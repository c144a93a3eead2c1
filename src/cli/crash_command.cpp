#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/crash_trials.hpp"
#include "app/rehearsal.hpp"
#include "base/names.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "cli/summary.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

json trial_json(const app::CrashTrial& trial) {
  return {{"run", trial.run},
          {"at", trial.at},
          {"then", trial.then},
          {"had_ended", trial.had_ended},
          {"ok", trial.problem.empty()},
          {"problem", trial.problem}};
}

json report_json(const app::CrashTestReport& report) {
  json trials = json::array();
  for (const auto& trial : report.trials) trials.push_back(trial_json(trial));
  return {{"schema", "leat.crash_test/1"},
          {"ok", report.ok()},
          {"pipeline", report.start.pipeline},
          {"seed", report.start.seed},
          {"boundaries", report.start.boundaries},
          {"left_out", report.start.left_out},
          {"trials", std::move(trials)}};
}

void print_start(const app::CrashTestStart& start, const Output& output) {
  print(output.bold(start.pipeline) + ": sinks " + join_names(start.sinks) +
        ", published into a scratch instead of their targets; hooks are left out");
  print("two runs that nobody killed agree; one takes " + format_duration(start.run_takes) +
        " and passes " + format_count(start.boundaries) + " commit boundaries");
  for (const auto& column : start.left_out) {
    print(output.yellow("left out") + "  " + column +
          ": its values differ from one clean run to the next");
  }
  print(format_count(start.trials) + " kills, seed " + std::to_string(start.seed));
}

void print_trial(const app::CrashTrial& trial, const Output& output) {
  const bool ok = trial.problem.empty();
  if (ok && output.quiet) return;
  auto line = (ok ? output.green("ok") + "    " : output.red("FAIL") + "  ") + "run " +
              std::to_string(trial.run) + (trial.had_ended ? " had ended before " : " killed at ") +
              trial.at;
  if (!trial.then.empty()) line += ", the next one at " + trial.then;
  if (!ok) line += "\n    " + printable(trial.problem, Lines::keep);
  print(line);
}

void print_verdict(const app::CrashTestReport& report, const Output& output) {
  const auto failed = std::count_if(report.trials.begin(), report.trials.end(),
                                    [](const auto& trial) { return !trial.problem.empty(); });
  const auto kills = std::to_string(report.trials.size()) + " kills";
  const auto seed = "seed " + std::to_string(report.start.seed);
  if (failed == 0) {
    print(output.green("PASSED") + "  " + kills +
          ", each followed by a run: rows, receipts and quarantine are those of a run that nobody "
          "killed; " +
          seed);
  } else {
    print(output.red("FAILED") + "  " + std::to_string(failed) + " of " + kills +
          " left something else behind; the same kills again: --seed " +
          std::to_string(report.start.seed) + " --kills " + std::to_string(report.start.moments));
  }
}

}  // namespace

int crash_test_command(const Arguments& arguments) {
  if (arguments.targets.size() > 1) {
    const Error error = Error(Fault::config, "one pipeline at a time, and here are " +
                                                 std::to_string(arguments.targets.size()))
                            .hint("nothing was run; type `leat test --crash` once for each");
    return report_error(error, arguments.output, "crash_test");
  }
  app::CrashTestEvents events;
  if (!arguments.output.json) {
    events.on_start = [&](const auto& start) {
      print_start(start, arguments.output);
      finish_printing();
    };
    events.on_trial = [&](const auto& trial) {
      print_trial(trial, arguments.output);
      finish_printing();
    };
  }
  const auto report = app::crash_test(places(arguments).front(), arguments.load,
                                      {arguments.seed, arguments.kills}, watch_signals(), events);
  if (!report.ok()) return report_error(report.error(), arguments.output, "crash_test");
  if (arguments.output.json) {
    print(json_text(report_json(*report)));
  } else {
    print_verdict(*report, arguments.output);
  }
  return report->ok() ? 0 : 1;
}

int rehearse_command(const Arguments& arguments) {
  const auto report =
      app::rehearse(arguments.targets.front(), arguments.load, arguments.scratch, watch_signals());
  if (!report.ok()) return report_error(report.error(), arguments.output, "rehearse");
  if (report->exit_code != 0) say(summarize(*report, arguments.output));
  return report->exit_code;
}

}  // namespace leat::cli
