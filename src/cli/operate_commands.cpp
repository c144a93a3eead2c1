#include <nlohmann/json.hpp>

#include "app/operate.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "cli/summary.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

const std::string& only_target(const Arguments& arguments) { return arguments.targets.front(); }

/// One run, one pipeline: what each of these commands is about.
int one_at_a_time(const Arguments& arguments, const char* command) {
  const Error error =
      Error(Fault::config,
            "one at a time, and here are " + std::to_string(arguments.targets.size()))
          .hint("nothing was changed; type `leat " + std::string(command) + "` once for each");
  return report_error(error, arguments.output, command);
}

json pause_json(const state::Pause& pause) {
  return {{"pipeline", pause.pipeline},
          {"at", format_instant(pause.at)},
          {"by", pause.by},
          {"reason", pause.reason}};
}

json lease_json(const state::Lease& lease) {
  return {{"name", lease.name},
          {"fence", lease.fence},
          {"run_id", lease.run_id.text()},
          {"holder", lease.holder},
          {"left_ms", std::chrono::duration_cast<std::chrono::milliseconds>(lease.left).count()}};
}

json summary_json(const app::StateSummary& state) {
  json object{{"schema", "leat.state/1"}, {"ok", true},
              {"store", state.kind},      {"version", state.version},
              {"file", state.place},      {"leases", json::array()},
              {"bytes", state.bytes},     {"planned", state.planned},
              {"running", state.running}, {"rows", json::object()},
              {"paused", json::array()},  {"events", json::array()}};
  for (const auto& count : state.counts) {
    object["rows"][count.table] = count.rows;
    if (count.is_about) object["about"].push_back(count.table);
  }
  for (const auto& pause : state.pauses) object["paused"].push_back(pause_json(pause));
  for (const auto& lease : state.leases) object["leases"].push_back(lease_json(lease));
  for (const auto& event : state.events) {
    object["events"].push_back({{"at", format_instant(event.at)},
                                {"kind", event.kind},
                                {"pipeline", event.pipeline},
                                {"run_id", event.run_id},
                                {"text", event.text}});
  }
  return object;
}

void print_summary(const app::StateSummary& state, const Output& output) {
  print(output.bold(state.place) + "  " + state.kind + ", version " +
        std::to_string(state.version) + ", " + format_bytes(state.bytes));
  std::string counts;
  for (const auto& count : state.counts) {
    counts += std::string(counts.empty() ? "" : ", ") + (count.is_about ? "about " : "") +
              format_count(count.rows) + " " + count.table;
  }
  print("    " + counts);
  if (state.planned > 0)
    print("    " + counted(state.planned, "publish", "publishes") + " to be settled");
  for (const auto& run : state.running) print("running  " + run);
  for (const auto& lease : state.leases) {
    print("lease    " + lease.name + ", number " + std::to_string(lease.fence) + ": run " +
          lease.run_id.text() + " of " + lease.holder + ", for another " +
          format_duration(lease.left) + " unless it is renewed");
  }
  for (const auto& pause : state.pauses) {
    print(output.yellow("paused") + "   " + pause.pipeline + " since " + format_instant(pause.at) +
          ", by " + pause.by + (pause.reason.empty() ? "" : ": " + pause.reason));
  }
  for (const auto& event : state.events) {
    print(format_instant(event.at) + "  " + event.kind + "  " +
          (event.pipeline.empty() ? "" : event.pipeline + ": ") + event.text);
  }
}

}  // namespace

int retry_command(const Arguments& arguments) {
  if (arguments.targets.size() > 1) return one_at_a_time(arguments, "retry");
  const auto& cancel = watch_signals();
  Progress progress(arguments.output);
  const auto report = app::retry_run(arguments.project, only_target(arguments), arguments.load,
                                     cancel, progress.events());
  progress.clear();
  if (!report.ok()) return report_error(report.error(), arguments.output, "run");
  print(arguments.output.json ? app::to_json(*report) : summarize(*report, arguments.output));
  return report->exit_code;
}

int cancel_command(const Arguments& arguments) {
  if (arguments.targets.size() > 1) return one_at_a_time(arguments, "cancel");
  const auto done = app::cancel_run(arguments.project, only_target(arguments),
                                    std::chrono::milliseconds(arguments.grace_s * 1000));
  if (!done.ok()) return report_error(done.error(), arguments.output, "cancel");
  if (arguments.output.json) {
    print(json{{"schema", "leat.cancel/1"},
               {"ok", true},
               {"run_id", done->run_id},
               {"pipeline", done->pipeline},
               {"killed", done->is_killed},
               {"status", done->status}}
              .dump());
    return 0;
  }
  print("run " + done->run_id + " of " + done->pipeline + " was " +
        (done->is_killed ? "killed: it did not stop in time; the next run "
                           "settles what it left"
                         : "asked to stop, and has ended: " + done->status));
  return 0;
}

int pause_command(const Arguments& arguments) {
  if (arguments.targets.size() > 1) return one_at_a_time(arguments, "pause");
  const auto done =
      app::pause_pipeline(arguments.project, only_target(arguments), arguments.reason);
  if (!done.ok()) return report_error(done.error(), arguments.output, "pause");
  warn(done->warning);
  const auto& pause = done->pause;
  if (arguments.output.json) {
    auto object = pause_json(pause);
    object["schema"] = "leat.pause/1";
    object["ok"] = true;
    print(json_text(object));
  } else {
    print(pause.pipeline + " is paused; `leat resume " + pause.pipeline + "` lets it run again");
  }
  return 0;
}

int resume_command(const Arguments& arguments) {
  if (arguments.targets.size() > 1) return one_at_a_time(arguments, "resume");
  const auto& name = only_target(arguments);
  const auto done = app::resume_pipeline(arguments.project, name);
  if (!done.ok()) return report_error(done.error(), arguments.output, "resume");
  warn(done->warning);
  if (arguments.output.json) {
    print(json_text({{"schema", "leat.resume/1"},
                     {"ok", true},
                     {"pipeline", name},
                     {"was_paused", done->was_paused}}));
  } else {
    print(name + (done->was_paused ? " may run again" : " was not paused"));
  }
  return 0;
}

int state_show_command(const Arguments& arguments) {
  const auto state = app::state_summary(arguments.project);
  if (!state.ok()) return report_error(state.error(), arguments.output, "state");
  if (arguments.output.json) {
    print(json_text(summary_json(*state)));
  } else {
    print_summary(*state, arguments.output);
  }
  return 0;
}

int state_export_command(const Arguments& arguments) {
  const auto done =
      app::export_state(arguments.project, [](const std::string& line) { print(line); });
  return done.ok() ? 0 : report_error(done.error(), arguments.output, "state");
}

}  // namespace leat::cli
