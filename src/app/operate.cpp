#include "app/operate.hpp"

#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "app/all_files.hpp"
#include "app/history.hpp"
#include "app/state_store.hpp"
#include "base/names.hpp"
#include "io/files.hpp"
#include "io/process_identity.hpp"
#include "plan/graph.hpp"
#include "plan/params.hpp"
#include "run/quarantine_acts.hpp"
#include "run/steps.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::chrono::milliseconds kKilledEndsIn{10'000};
constexpr std::size_t kEventsShown = 10;

/// The pipeline that a name or a file means.
Result<std::string> pipeline_named(const fs::path& where, const std::string& name) {
  const auto wanted = fs::path(name).extension().empty() ? name : fs::path(name).stem().string();
  TRY(const auto files, find_pipelines(where));
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.stem().string());
  if (std::find(names.begin(), names.end(), wanted) != names.end()) return wanted;
  return Error(Fault::config, "there is no pipeline `" + wanted + "` here")
      .hint(name_hint(wanted, names));
}

/// Sinks whose last word in the report was a failure.
std::set<std::string> failed_sinks(const json& report) {
  std::set<std::string> out;
  for (const auto& sink : report.value("sinks", json::array())) {
    if (sink.value("verdict", "") == "failed") out.insert(sink.value("name", ""));
  }
  return out;
}

/// Which sinks of a run are to run again.
class Unfinished {
 public:
  Unfinished(const plan::Plan& plan, const state::RunRecord& run, state::Store& store)
      : x_plan(plan), x_run(run), x_store(store) {}

  /// Those that failed or have nothing of it, and have got nothing of a later run either.
  Result<std::vector<std::string>> find() {
    TRY(auto sinks, of_the_run());
    std::vector<std::string> out;
    for (auto& name : sinks) {
      TRY(const auto last, x_store.last_publish(x_plan.lane_of(*x_plan.sink(name))));
      if (!last) {
        out.push_back(std::move(name));
        continue;
      }
      TRY(const bool is_later, x_store.began_after(last->run_id, x_run.run_id));
      if (!is_later) out.push_back(std::move(name));
    }
    return out;
  }

 private:
  Result<std::vector<std::string>> of_the_run() {
    const auto report = json::parse(x_run.report, nullptr, false);
    const bool is_whole = report.is_object() && x_run.status != "interrupted";
    const auto failed = is_whole ? failed_sinks(report) : std::set<std::string>();
    TRY(const auto publishes, x_store.publishes_of(x_run.run_id));
    std::vector<std::string> out;
    for (const auto& sink : x_plan.sinks) {
      if (is_whole) {
        if (failed.contains(sink.name)) out.push_back(sink.name);
        continue;
      }
      if (!was_meant(sink.name)) continue;
      TRY(const bool published, has_all(sink, publishes));
      if (!published) out.push_back(sink.name);
    }
    return out;
  }

  bool was_meant(const std::string& sink) const {
    return x_run.sinks.empty() ||
           std::find(x_run.sinks.begin(), x_run.sinks.end(), sink) != x_run.sinks.end();
  }

  /// A sink that takes new rows alone finds out by itself what it has; another
  /// one has all with one publish.
  Result<bool> has_all(const plan::SinkNode& sink,
                       const std::vector<state::PublishRecord>& publishes) const {
    if (!sink.growing_source.empty()) return false;
    for (const auto& publish : publishes) {
      if (publish.lane.sink != sink.name) continue;
      if (publish.status == state::PublishStatus::committed) return true;
      if (publish.status != state::PublishStatus::planned) continue;
      TRY(const bool happened, is_in_ledger(sink, publish));
      if (happened) return true;
    }
    return false;
  }

  /// A publish that a kill kept from being told: the target knows.
  Result<bool> is_in_ledger(const plan::SinkNode& sink, const state::PublishRecord& publish) const {
    TRY(const auto session, engine::Session::open({}));
    BuildContext context;
    context.root = x_plan.root;
    context.scratch = x_plan.state / "tmp";
    context.files = &all_files();
    context.clock = &system_clock();
    context.session = session.get();
    context.secrets = x_plan.secrets.get();
    context.artifacts = x_plan.artifacts;
    context.lane = publish.lane;
    TRY(const auto target, sink.spec->build(context));
    TRY(const auto receipt, target->find(publish.publish_id));
    return receipt.has_value();
  }

  const plan::Plan& x_plan;
  const state::RunRecord& x_run;
  state::Store& x_store;
};

Error nothing_to_retry(const state::RunRecord& run) {
  const auto id = run.run_id.text();
  const bool is_good = run.status == "success" || run.status == "held";
  Error error(Fault::config, "nothing of run " + id + " is left to do: it ended with " +
                                 run.status +
                                 (is_good ? "" : ", and its sinks have got their rows since"));
  if (run.status == "held") {
    return std::move(error).hint("`leat publish` lists what waits for you; nothing was run");
  }
  return std::move(error).hint("nothing was run; `leat run " + run.pipeline_file +
                               "` runs the pipeline anew");
}

Status require_over(state::Store& store, const state::RunRecord& run) {
  TRY(const bool is_under_way, goes_on(store, run));
  if (!is_under_way) return {};
  return Error(Fault::external, "run " + run.run_id.text() + " goes on still")
      .busy()
      .hint("`leat logs -f " + run.run_id.text() + "` follows it");
}

Error gone(const state::RunRecord& run) {
  const auto id = run.run_id.text();
  if (run.process.number == 0) {
    return Error(Fault::config, "nothing tells which process carries run " + id + " out")
        .hint("an older leat began it; end that process yourself");
  }
  if (run.process.place != io::process_place()) {
    return Error(Fault::config, "run " + id +
                                    " was begun on another machine, or before this one "
                                    "was started anew")
        .hint("nothing was changed; cancel it there");
  }
  return Error(Fault::config, "run " + id + " does not go on: its process was killed")
      .hint("the next run of " + run.pipeline + " settles what it left; `leat retry " + id +
            "` is such a run");
}

bool is_number(const std::string& column) {
  static const std::set<std::string> all{
      "started_at",     "ended_at",     "at",    "planned_at", "exit_code",        "event_no",
      "fence",          "run_no",       "until", "rows_in",    "rows_quarantined", "rows_out",
      "process_number", "process_began"};
  return all.contains(column);
}

/// Times and counts are numbers, what is JSON already stays so.
json value_of(const std::string& column, const std::string& cell) {
  if (is_number(column)) return cell.empty() ? json(nullptr) : json::parse(cell, nullptr, false);
  if (column == "report" || column == "receipt" || column == "variables" || column == "sinks") {
    auto parsed = json::parse(cell, nullptr, false);
    return parsed.is_discarded() ? json(nullptr) : parsed;
  }
  return cell;
}

}  // namespace

Result<run::RunReport> retry_run(const fs::path& where, const std::string& id_prefix,
                                 const LoadOptions& options, const CancelToken& cancel,
                                 const run::RunEvents& events) {
  TRY(auto store, open_history(where));
  TRY(const auto run, store->run(id_prefix));
  TRY(require_over(*store, run));
  if (run.pipeline_file.empty()) {
    return Error(Fault::config, "nothing tells which file run " + run.run_id.text() + " was of")
        .hint("an older leat made it; `leat run` runs the pipeline anew");
  }
  if (run.lane == kReplayLane) {
    return Error(Fault::config, "run " + run.run_id.text() + " took rows out of the quarantine")
        .hint("`leat quarantine replay` tries those again that did not come back");
  }
  auto with = for_a_run(options);
  with.environment = run.environment;
  TRY(with.variables, plan::with_secrets(run.variables, options.variables));
  with.retry_of = run.run_id;
  with.interval = plan::interval_of_lane(run.lane);
  TRY(auto plan, Planner(with).plan(run.pipeline_file, true));
  if (run.status == "success" || run.status == "held") return nothing_to_retry(run);
  TRY(const auto sinks, Unfinished(plan, run, *store).find());
  if (sinks.empty()) return nothing_to_retry(run);
  store.reset();
  if (sinks.size() < plan.sinks.size()) plan = plan::restrict_to_sinks(std::move(plan), sinks);
  return run_plan(plan, with, cancel, events);
}

Result<CancelledRun> cancel_run(const fs::path& where, const std::string& id_prefix,
                                std::chrono::milliseconds grace) {
  TRY(const auto store, open_history(where));
  TRY(const auto run, store->run(id_prefix));
  CancelledRun out{run.run_id.text(), run.pipeline, false, ""};
  if (run.status != "running") {
    return Error(Fault::config, "run " + out.run_id + " has ended: " + run.status)
        .hint("nothing was changed; `leat runs` shows which go on");
  }
  if (!io::is_running(run.process)) return gone(run);
  TRY(io::send_signal(run.process, SIGTERM));
  if (!io::wait_for_end(run.process, grace)) {
    // It may have ended since.
    [[maybe_unused]] const auto sent = io::send_signal(run.process, SIGKILL);
    if (!io::wait_for_end(run.process, kKilledEndsIn)) {
      return Error(Fault::external, "run " + out.run_id +
                                        " was killed and has not ended yet: its "
                                        "process hangs in the machine");
    }
  }
  // Not before: a process that was stopped may hold the store's lock until its end.
  TRY(store->note_event({system_clock().now(), "cancel", run.pipeline, out.run_id,
                         "cancelled by " + run::who_acts()}));
  TRY(auto now, store->run(out.run_id));
  if (now.status == "running") {
    out.is_killed = true;
    TRY(run::end_killed(*store, system_clock(), now));
    now.status = "crashed";
  }
  out.status = now.status;
  return out;
}

Result<PausedPipeline> pause_pipeline(const fs::path& where, const std::string& name,
                                      const std::string& reason) {
  TRY(const auto pipeline, pipeline_named(where, name));
  TRY(auto opened, open_store(where));
  state::Pause pause{pipeline, system_clock().now(), run::who_acts(), reason};
  TRY(opened.store->pause(pause));
  return PausedPipeline{std::move(pause), std::move(opened.warning)};
}

/// A pipeline whose file is gone can be resumed, too.
Result<ResumedPipeline> resume_pipeline(const fs::path& where, const std::string& name) {
  TRY(auto opened, open_store(where));
  const auto resume = [&](const std::string& pipeline) {
    return opened.store->resume(
        pipeline, {system_clock().now(), "resume", pipeline, "", "resumed by " + run::who_acts()});
  };
  TRY(bool was_paused, resume(name));
  if (!was_paused) {
    TRY(const auto pipeline, pipeline_named(where, name));
    TRY(was_paused, resume(pipeline));
  }
  return ResumedPipeline{was_paused, std::move(opened.warning)};
}

Result<StateSummary> state_summary(const fs::path& where) {
  TRY(const auto store, open_history(where));
  StateSummary out;
  out.kind = store->kind();
  out.place = store->place();
  TRY(out.bytes, store->bytes());
  TRY(out.version, store->version());
  TRY(out.counts, store->counts());
  TRY(const auto planned, store->publishes("", state::PublishStatus::planned));
  out.planned = planned.size();
  TRY(out.pauses, store->pauses());
  TRY(out.events, store->events("", kEventsShown));
  TRY(const auto unfinished, store->unfinished_runs(""));
  for (const auto& run : unfinished) {
    TRY(const bool is_under_way, goes_on(*store, run));
    out.running.push_back(run.run_id.text() + " of " + run.pipeline +
                          (is_under_way ? "" : ", which was killed"));
  }
  TRY(const auto leases, store->leases());
  for (const auto& lease : leases) {
    if (lease.is_held) out.leases.push_back(lease);
  }
  return out;
}

Status export_state(const fs::path& where,
                    const std::function<void(const std::string&)>& take_line) {
  TRY(const auto store, open_history(where));
  return store->dump([&](const std::string& table, const std::vector<std::string>& columns,
                         const std::vector<std::string>& cells) -> Status {
    json line{{"table", table}};
    for (std::size_t i = 0; i < columns.size(); ++i) {
      line[columns[i]] = value_of(columns[i], cells[i]);
    }
    take_line(line.dump(-1, ' ', false, json::error_handler_t::replace));
    return {};
  });
}

}  // namespace leat::app
