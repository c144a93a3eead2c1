#include "run/hooks.hpp"

#include "run/programs.hpp"

namespace leat::run {
namespace {

using Context = std::vector<std::pair<std::string, std::string>>;

/// The first error of all; the others run all the same.
Status run_all(const LiveRun& run, const RunServices& services,
               const std::vector<plan::Program>& hooks, const Context& context) {
  Status first;
  for (const auto& hook : hooks) {
    run.step(hook.name);
    auto done = run_program(services, run.plan, run.run_id, hook, {}, context);
    if (!done.ok() && first.ok())
      first = std::move(done).error().during("while running " + hook.name);
  }
  return first;
}

}  // namespace

Status run_before_hooks(const LiveRun& run) {
  for (const auto& hook : run.plan.hooks.before) {
    TRY(run_all(run, run.services, {hook}, {{"LEAT_STATUS", "running"}}));
  }
  return {};
}

void run_ending_hooks(const LiveRun& run, RunReport& report) {
  const auto& hooks = run.plan.hooks;
  auto services = run.services;
  services.cancel = nullptr;
  const auto context = [&report] {
    return Context{{"LEAT_STATUS", report.status},
                   {"LEAT_EXIT_CODE", std::to_string(report.exit_code)}};
  };
  const auto warn = [&report](const Status& done) {
    if (!done.ok()) report.warnings.push_back(done.error().text());
    return done.ok();
  };
  if (report.exit_code == 0 && !warn(run_all(run, services, hooks.after, context()))) {
    report.status = "partial";
    report.exit_code = 4;
  }
  const bool failed = report.exit_code != 0 && report.exit_code != 3;
  if (failed) warn(run_all(run, services, hooks.on_failure, context()));
  warn(run_all(run, services, hooks.finally, context()));
}

}  // namespace leat::run
